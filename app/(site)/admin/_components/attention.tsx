'use client';

import { type ReactNode, useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { explain } from '#lib/client/request.ts';
import { ask, bytes, type Instance, shortId, whole } from './api.ts';
import { volumeUsed } from './overview.tsx';

/** From here on the volume, or the bound on sandboxes, counts as nearly full: in percent, and as a part. */
const FULL = 80;
const NEARLY = 0.9;
/** A sandbox with at least so many requests a minute, and so great a part of all, is worth a word. */
const BUSY = 60;
const BUSY_SHARE = 0.25;
/** A volume that will be full sooner than this is worth a word at any level, ms. */
const SOON = 14 * 86_400_000;
/** ms in which 99 % of the requests should be answered. */
const SLOW = 1000;

interface AttentionProps {
  readonly token: string | null;
  readonly instance: Instance;
  /** Shows the kept reports, the oldest first. */
  readonly onReports: () => void;
  /** Shows what is inside a sandbox. */
  readonly onLook: (id: string) => void;
  readonly onChange: () => void;
}

/** What needs somebody, each with what can be done about it. */
export function Attention({ token, instance, onReports, onLook, onChange }: AttentionProps) {
  const [said, setSaid] = useState('');
  const [deleting, setDeleting] = useState<string | null>(null);
  const act = (id: string, path: string, method: 'POST' | 'DELETE', done: string) => {
    setDeleting(null);
    ask(token, `/sandboxes/${encodeURIComponent(id)}${path}`, method).then(
      () => {
        setSaid(`${shortId(id)} ${done}`);
        onChange();
      },
      (error: unknown) => setSaid(explain(error)),
    );
  };
  const { totals, traffic, database, max_sandboxes } = instance;
  const { busiest, p99_ms } = traffic;
  const used = volumeUsed(database);
  const percent = Math.round(100 * (busiest?.share ?? 0));
  const needs: ReactNode[] = [];
  if (busiest !== null && busiest.requests_a_minute >= BUSY && busiest.share >= BUSY_SHARE)
    needs.push(
      <Need
        key="busy"
        does={
          <>
            <Act onAct={() => onLook(busiest.id)}>Look inside</Act>
            <Act onAct={() => act(busiest.id, '/limit', 'POST', 'takes 60 requests a minute from each address now.')}>
              Limit it
            </Act>
            <Act onAct={() => setDeleting(busiest.id)}>Delete</Act>
          </>
        }
      >
        <code title={busiest.id}>{shortId(busiest.id)}</code> makes {percent} % of all requests,{' '}
        {whole(busiest.requests_a_minute)} a minute{busiest.one_address ? ' from one address' : ''}.{' '}
        {p99_ms !== null && p99_ms < SLOW ? 'Nobody is slowed down by it so far.' : null}
      </Need>,
    );
  const fullAt = instance.volume_full_at === null ? null : Date.parse(instance.volume_full_at);
  if (used !== null && (used >= FULL || (fullAt !== null && fullAt < Date.now() + SOON)))
    needs.push(
      <Need key="volume" does={<Act onAct={onReports}>Reports by age</Act>}>
        The volume is {used} % full{fullAt === null ? '' : `, and at this rate full on ${dayOf(fullAt)}`}. The database
        takes {bytes(database.bytes)} of it, kept reports {bytes(totals.report_bytes)}.
      </Need>,
    );
  if (totals.sandboxes > NEARLY * max_sandboxes)
    needs.push(
      <Need key="sandboxes">
        {whole(totals.sandboxes)} of {whole(max_sandboxes)} sandboxes (<code>AUTHWALK_MAX_SANDBOXES</code>). Beyond that
        the longest idle one goes for each new one.
      </Need>,
    );
  if ((p99_ms ?? 0) >= SLOW)
    needs.push(<Need key="slow">Requests are slow: 99 % of them take up to {(p99_ms ?? 0) / 1000} s.</Need>);
  if (instance.public && !instance.rate_limits)
    needs.push(
      <Need key="limits">
        The instance is public, and rate limits are off (<code>AUTHWALK_RATE_LIMITS</code>).
      </Need>,
    );
  if (needs.length === 0 && said === '') return null;
  return (
    <section className="adm-need" aria-labelledby="adm-need">
      <div className="figh">
        <h2 id="adm-need">Needs attention</h2>
        <span role="status" className="end tiny">
          {said}
        </span>
      </div>
      <ul>{needs}</ul>
      {deleting === null ? null : (
        <Confirm
          title="Delete a sandbox?"
          action="Delete"
          onConfirm={() => act(deleting, '', 'DELETE', 'is deleted.')}
          onClose={() => setDeleting(null)}
        >
          The clients, users, tokens and exchanges of {shortId(deleting)} go, and whoever uses it gets 404.
        </Confirm>
      )}
    </section>
  );
}

const dayOf = (ms: number): string => new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });

function Need({ does, children }: { readonly does?: ReactNode; readonly children: ReactNode }) {
  return (
    <li>
      <svg className="mk" viewBox="0 0 12 12" role="img" aria-label="warning">
        <path d="M6 2v5M6 9.5v.1" />
      </svg>
      <span>{children}</span>
      {does === undefined ? null : <span className="does">{does}</span>}
    </li>
  );
}

function Act({ onAct, children }: { readonly onAct: () => void; readonly children: string }) {
  return (
    <button type="button" className="link" onClick={onAct}>
      {children}
    </button>
  );
}
