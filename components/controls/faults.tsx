'use client';

import { useCallback, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import { effectWords, readyFaults, whichWords } from '#lib/live/faults.ts';
import type { FaultInfo } from '#lib/live/types.ts';
import { Prose } from '../values/prose.tsx';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

interface FaultsProps {
  readonly control: Control;
  readonly faults: readonly FaultInfo[];
  readonly endpoints: readonly string[];
  readonly onChange: () => Promise<void>;
}

/** Faults: those that wait, ready ones to script, and one of your own. */
export function Faults({ control, faults, endpoints, onChange }: FaultsProps) {
  const { busy, trouble, run } = useTask();
  const script = useCallback(
    (fault: unknown) =>
      run(async () => {
        await control.call('POST', '/faults', fault);
        await onChange();
      }),
    [control, onChange, run],
  );
  const remove = (id: string) =>
    run(async () => {
      await control.call('DELETE', `/faults/${id}`);
      await onChange();
    });
  return (
    <div className="stage-part">
      {faults.length === 0 ? (
        <p className="say">Nothing is scripted: every answer is the server’s own.</p>
      ) : (
        <ul className="fault-list" aria-label="Scripted faults">
          {faults.map((fault) => (
            <li key={fault.id} className={isSpent(fault) ? 'spent' : undefined}>
              <span>
                <code>{fault.endpoint}</code> {matchWords(fault)}
                {whichWords(fault.nth, fault.times)}: <Prose text={effectWords(fault.effect)} />
              </span>
              <span className="tiny dim num">
                {fault.acted === 0
                  ? fault.matched === 0
                    ? 'waits'
                    : `waits, ${fault.matched} seen`
                  : `acted ${fault.acted === 1 ? 'once' : `${fault.acted} times`}`}
              </span>
              <button
                type="button"
                className="link"
                disabled={busy}
                onClick={() => {
                  void remove(fault.id);
                }}
              >
                Remove<span className="vh"> the fault at {fault.endpoint}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Trouble says={trouble} />
      <h3 className="tiny dim">Ready to script</h3>
      <ul className="ready">
        {readyFaults.map((ready) => (
          <li key={ready.title}>
            <button
              type="button"
              className="btn"
              disabled={busy}
              onClick={() => {
                void script(ready.fault);
              }}
            >
              {ready.title}
            </button>
            <p>
              <Prose text={ready.says} />
            </p>
          </li>
        ))}
      </ul>
      <OwnFault endpoints={endpoints} busy={busy} onScript={script} />
    </div>
  );
}

const isSpent = (fault: FaultInfo) => fault.times !== 'always' && fault.acted >= fault.times;

function matchWords({ match, client_id }: FaultInfo): React.ReactNode {
  const parts = Object.entries(match ?? {}).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  if (client_id) parts.push(`of ${client_id}`);
  return parts.length > 0 ? (
    <>
      with <code>{parts.join(', ')}</code>,{' '}
    </>
  ) : (
    ''
  );
}

type Kind = 'status' | 'delay' | 'drop' | 'lost';

/** One fault of one's own: where, which request, how often, what happens. */
function OwnFault({
  endpoints,
  busy,
  onScript,
}: {
  readonly endpoints: readonly string[];
  readonly busy: boolean;
  readonly onScript: (fault: unknown) => Promise<boolean>;
}) {
  const [endpoint, setEndpoint] = useState('token');
  const [nth, setNth] = useState('1');
  const [times, setTimes] = useState('1');
  const [kind, setKind] = useState<Kind>('status');
  const [status, setStatus] = useState('500');
  const [error, setError] = useState('server_error');
  const [body, setBody] = useState('');
  const [delay, setDelay] = useState('3');
  const [match, setMatch] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    let matched: unknown;
    try {
      matched = match.trim() === '' ? undefined : JSON.parse(match);
    } catch {
      setWrong('What the request must match is not JSON.');
      return;
    }
    setWrong(null);
    const effect = {
      status: { status: Number(status), ...(error ? { error } : {}), ...(body ? { body } : {}) },
      delay: { delay_ms: Math.round(Number(delay) * 1000) },
      drop: { drop: true },
      lost: { drop: true, committed: true },
    }[kind];
    void onScript({
      endpoint,
      ...(matched === undefined ? {} : { match: matched }),
      nth: Number(nth),
      times: times === 'always' ? 'always' : Number(times),
      effect,
    });
  };
  return (
    <details className="own">
      <summary className="ui">One of your own</summary>
      <form className="fields" onSubmit={submit}>
        <label>
          <span>Endpoint</span>
          <select value={endpoint} onChange={(event) => setEndpoint(event.target.value)}>
            {endpoints.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <span>From the nth request</span>
          <input type="number" min="1" value={nth} onChange={(event) => setNth(event.target.value)} />
        </label>
        <label>
          <span>How often</span>
          <select value={times} onChange={(event) => setTimes(event.target.value)}>
            <option value="1">once</option>
            <option value="2">twice</option>
            <option value="3">3 times</option>
            <option value="10">10 times</option>
            <option value="always">always</option>
          </select>
        </label>
        <label>
          <span>What happens</span>
          <select value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            <option value="status">another answer</option>
            <option value="delay">a late answer</option>
            <option value="drop">no answer, nothing done</option>
            <option value="lost">no answer, but done</option>
          </select>
        </label>
        {kind === 'status' && (
          <>
            <label>
              <span>Status</span>
              <input
                type="number"
                min="200"
                max="599"
                value={status}
                onChange={(event) => setStatus(event.target.value)}
              />
            </label>
            <label>
              <span>OAuth error</span>
              <input className="m" value={error} onChange={(event) => setError(event.target.value)} />
            </label>
            <label className="wide">
              <span>Body, in place of an error</span>
              <input className="m" value={body} onChange={(event) => setBody(event.target.value)} />
            </label>
          </>
        )}
        {kind === 'delay' && (
          <label>
            <span>Seconds</span>
            <input
              type="number"
              min="0"
              max="30"
              step="0.1"
              value={delay}
              onChange={(event) => setDelay(event.target.value)}
            />
          </label>
        )}
        <label className="wide">
          <span>Only requests that match (JSON)</span>
          <input
            className="m"
            value={match}
            placeholder='{ "grant_type": "refresh_token" }'
            spellCheck={false}
            onChange={(event) => setMatch(event.target.value)}
          />
        </label>
        <p className="wide">
          <button type="submit" className="btn" disabled={busy}>
            Script it
          </button>
        </p>
      </form>
      <Trouble says={wrong} />
    </details>
  );
}
