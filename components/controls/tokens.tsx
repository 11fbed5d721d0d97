'use client';

import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import { type Branch, familyOf } from '#lib/live/family.ts';
import { refreshableOf, refreshOnce } from '#lib/live/race.ts';
import { spell } from '#lib/live/rows.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';
import type { GrantInfo, SandboxInfo } from '#lib/live/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { Icon } from '../values/glyph.tsx';
import { shorten } from '../values/value.tsx';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

interface TokensProps {
  readonly control: Control;
  readonly info: SandboxInfo;
  readonly exchanges: readonly Exchange[];
  readonly onSelect: (seq: number) => void;
  readonly onInfo: (info: SandboxInfo) => void;
}

const TokenReading = lazy(() => import('../exchange/token-reading.tsx'));

/** A token that somebody pastes: decoded, and verified against the keys of this sandbox. */
function ReadToken({ info }: { readonly info: SandboxInfo }) {
  const [text, setText] = useState('');
  const token = text.trim().replace(/^Bearer +/i, '');
  return (
    <details className="own">
      <summary className="ui">Read a token</summary>
      <label className="wide ui">
        <span className="tiny dim">An access token or an ID token; it stays in this page</span>
        <textarea
          className="m"
          rows={4}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {token !== '' && (
        <Suspense>
          <TokenReading token={token} issuer={info.issuer} offset={info.clock.offset * 1000} />
        </Suspense>
      )}
    </details>
  );
}

/** What every grant gave, as a family: which refresh token lives, which was used, what ended it all. */
export function Tokens({ control, info, exchanges, onSelect, onInfo }: TokensProps) {
  const [grants, setGrants] = useState<readonly GrantInfo[] | null>(null);
  const { busy, trouble, run } = useTask();
  const [said, setSaid] = useState('');
  // Only what can change a grant is a reason to ask again.
  const changes =
    exchanges.findLast((exchange) =>
      ['token', 'revoke', 'authorize', 'consent', 'device', 'logout'].includes(exchange.endpoint),
    )?.seq ?? 0;
  const refresh = useCallback(async () => {
    const told = await control.call<{ grants: GrantInfo[] }>('GET', '/grants').catch(() => null);
    if (told) setGrants(told.grants);
  }, [control]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    void refresh();
  }, [refresh, changes]);

  const now = Date.parse(info.clock.now);
  const grace = Number(info.config['refresh.grace'] ?? 0);
  const setGrace = (seconds: number) =>
    run(async () => onInfo(await control.call<SandboxInfo>('PATCH', '', { config: { 'refresh.grace': seconds } })));
  const race = (tokenId: string, kind: Race) =>
    run(async () => {
      setSaid('');
      const { exchanges: whole } = await control.call<{ exchanges: Exchange[] }>(
        'GET',
        '/exchanges?limit=500&reveal=1',
      );
      const refreshable = refreshableOf(whole, tokenId);
      if (!refreshable) {
        setSaid(
          'This token is not among what is recorded, or its client signs its requests: this page cannot ' +
            'stand in for it.',
        );
        return;
      }
      // A connection that closes is tried again by browsers, unasked: a gateway's error in the answer's place is not.
      if (kind === 'lost')
        await control.call('POST', '/faults', {
          endpoint: 'token',
          match: { grant_type: 'refresh_token' },
          effect: { status: 502, content_type: 'text/plain', body: 'Bad Gateway', committed: true },
        });
      if (kind === 'held') {
        const [a, b] = await secondFirst(control, () => refreshOnce(refreshable));
        setSaid(
          `Both were held, and the second was let through first. The first: ${outcome(a)}. The second: ${outcome(b)}.`,
        );
        await refresh();
        return;
      }
      const [a, b] =
        kind === 'at once'
          ? await Promise.all([refreshOnce(refreshable), refreshOnce(refreshable)])
          : [await refreshOnce(refreshable), await refreshOnce(refreshable)];
      setSaid(`The first: ${outcome(a)}. The second: ${outcome(b)}.`);
      await refresh();
    });
  const revoke = (id: string) =>
    run(async () => {
      await control.call('POST', `/grants/${id}/revoke`);
      await refresh();
    });

  if (grants === null)
    return (
      <div className="stage-part">
        <p className="say">Reading the grants.</p>
      </div>
    );
  if (grants.length === 0)
    return (
      <div className="stage-part">
        <p className="say">
          No client has been granted anything yet. Once one has, its refresh tokens are shown here as a family: which is
          valid, which was used, and what ended it.
        </p>
        <ReadToken info={info} />
      </div>
    );
  return (
    <div className="stage-part">
      <ReadToken info={info} />
      <fieldset className="row-of" disabled={busy}>
        <legend className="tiny dim">Grace period: a used refresh token still works for</legend>
        {[0, 10, 60].map((seconds) => (
          <button
            key={seconds}
            type="button"
            className="btn"
            aria-pressed={grace === seconds}
            onClick={() => {
              void setGrace(seconds);
            }}
          >
            {seconds === 0 ? '0 s' : spell(seconds)}
          </button>
        ))}
      </fieldset>
      <p className={said ? 'say' : 'vh'} role="status">
        {said}
      </p>
      <Trouble says={trouble} />
      <ul className="families">
        {grants
          .map((grant) => familyOf(grant, exchanges, now))
          .map((family) => (
            <li key={family.grant.id} className={family.died ? 'dead' : undefined}>
              <header>
                <h3>
                  <code>{shorten(family.grant.client_id, 8, 4)}</code>{' '}
                  <small className="tiny dim">
                    {timeOfDay(family.grant.created_at)},{' '}
                    {family.grant.kind.replaceAll('_', ' ').replace(/^urn:.*:/, '')}
                  </small>
                </h3>
                <p className="tiny soft">
                  {family.grant.scope.join(' ') || 'no scope'}
                  {family.grant.sub ? '' : ', no user'}
                </p>
              </header>
              {family.roots.length > 0 ? (
                <Tree branches={family.roots} busy={busy} onRace={race} />
              ) : (
                <p className="say">It has no refresh token.</p>
              )}
              {family.died ? (
                <p className="died">
                  <b>Ended {timeOfDay(family.grant.revoked_at ?? '')}.</b> {family.died}{' '}
                  {family.by !== null && (
                    <button type="button" className="link" onClick={() => onSelect(family.by as number)}>
                      Exchange {family.by}
                    </button>
                  )}
                </p>
              ) : (
                <p className="tiny">
                  <button
                    type="button"
                    className="link"
                    disabled={busy}
                    onClick={() => {
                      void revoke(family.grant.id);
                    }}
                  >
                    Revoke it all<span className="vh"> of {family.grant.client_id}</span>
                  </button>
                </p>
              )}
            </li>
          ))}
      </ul>
    </div>
  );
}

type Race = 'at once' | 'in turn' | 'held' | 'lost';

/** Two refreshes held at a barrier of the server; the second arrival goes first. @returns their outcomes by arrival */
async function secondFirst<Outcome>(control: Control, send: () => Promise<Outcome>): Promise<[Outcome, Outcome]> {
  const { id } = await control.call<{ id: string }>('POST', '/faults', {
    endpoint: 'token',
    match: { grant_type: 'refresh_token' },
    times: 2,
    effect: { hold: { until: 2, order: [2, 1] } },
  });
  const first = send();
  // The order of arrival is part of the stage: the second leaves once the first is being held. The server lets go by
  // itself in the end.
  for (let asked = 0; asked < 100; asked++) {
    const { faults } = await control.call<{ faults: { id: string; matched: number }[] }>('GET', '/faults');
    if ((faults.find((fault) => fault.id === id)?.matched ?? 1) > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all([first, send()]);
}

function outcome({ status, error }: { readonly status: number; readonly error: string | null }): string {
  if (status === 502) return 'acted upon, its answer lost';
  return status === 0 ? 'no answer came' : error ? `${status}, ${error}` : `${status}, new tokens`;
}

const marks = { live: 'ring', used: 'tick', dead: 'cross', expired: 'bang' } as const;
const states = { live: 'lives', used: 'used', dead: 'ended', expired: 'expired' } as const;

function Tree({
  branches,
  busy,
  onRace,
}: {
  readonly branches: readonly Branch[];
  readonly busy: boolean;
  readonly onRace: (id: string, kind: Race) => void;
}) {
  return (
    <ul className="tree">
      {branches.map(({ token, state, says, children }) => (
        <li key={token.id} className={state}>
          <p>
            <Icon name={marks[state]} />
            <span className="vh">{states[state]}: </span>
            <code className="as">
              <b className="v" data-v={`refresh ${token.id}`}>
                {token.id}…
              </b>
            </code>{' '}
            <span className="tiny dim num">
              no. {token.generation}, {says}
            </span>
          </p>
          {state === 'live' && (
            <p className="tiny stage-race">
              <span className="dim">Use it twice:</span>{' '}
              <button type="button" className="link" disabled={busy} onClick={() => onRace(token.id, 'at once')}>
                at once
              </button>{' '}
              <button type="button" className="link" disabled={busy} onClick={() => onRace(token.id, 'in turn')}>
                in turn
              </button>{' '}
              <button type="button" className="link" disabled={busy} onClick={() => onRace(token.id, 'held')}>
                held, the second first
              </button>{' '}
              <button type="button" className="link" disabled={busy} onClick={() => onRace(token.id, 'lost')}>
                the first answer lost
              </button>
            </p>
          )}
          {children.length > 0 && <Tree branches={children} busy={busy} onRace={onRace} />}
        </li>
      ))}
    </ul>
  );
}
