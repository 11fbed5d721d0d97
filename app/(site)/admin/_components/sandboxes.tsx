'use client';

import { useDeferredValue, useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { explain } from '#lib/client/request.ts';
import { ask, bytes, type SandboxLine, span, whole } from './api.ts';
import { Pages } from './pages.tsx';
import { useAsked } from './use-asked.ts';
import '#components/site/find.css';

const PER_PAGE = 25;
const WITHIN = [
  [0, 'at any time'],
  [3600, 'in the last hour'],
  [21_600, 'in the last 6 hours'],
  [86_400, 'in the last day'],
] as const;

interface SandboxesProps {
  readonly token: string | null;
  /** How many were used last in each half hour, the latest first. */
  readonly lastUses: readonly number[];
  readonly onChange: () => void;
}

/** All sandboxes: found, chosen, kept longer, deleted. */
export function Sandboxes({ token, lastUses, onChange }: SandboxesProps) {
  const [search, setSearch] = useState('');
  const [within, setWithin] = useState(0);
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const query = new URLSearchParams({
    search: useDeferredValue(search).slice(0, 200),
    used_within: String(within),
    page: String(page),
    limit: String(PER_PAGE),
  });
  const found = useAsked<{ total: number; sandboxes: SandboxLine[] }>(token, `/sandboxes?${query}`);
  const { total = 0, sandboxes = [] } = found.value ?? {};
  const toggle = (id: string) =>
    setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const forEach = async (method: 'POST' | 'DELETE', done: string) => {
    setAsking(false);
    let count = 0;
    try {
      for (const id of chosen) {
        await ask(token, `/sandboxes/${encodeURIComponent(id)}${method === 'POST' ? '/keep' : ''}`, method);
        count += 1;
      }
      setSaid(`${count} ${done}.`);
    } catch (error) {
      setSaid(`${count} ${done}. ${explain(error)}`);
    }
    setChosen(new Set());
    found.again();
    onChange();
  };
  return (
    <section aria-labelledby="adm-sandboxes">
      <div className="figh">
        <h2 id="adm-sandboxes">Sandboxes by last use</h2>
        <span className="cap">each bar half an hour</span>
      </div>
      <LastUses counts={lastUses} />
      <label className="find">
        <span className="vh">Find a sandbox</span>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m14 14-3.6-3.6M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0z" />
        </svg>
        <input
          type="search"
          placeholder="beginning of an id, or scenario"
          value={search}
          onChange={({ target }) => {
            setSearch(target.value);
            setPage(1);
          }}
        />
      </label>
      <div className="adm-tools">
        <span role="status">
          <b className="num">{whole(total)}</b> used{' '}
        </span>
        <label>
          <span className="vh">Used within</span>
          <select
            value={within}
            onChange={({ target }) => {
              setWithin(Number(target.value));
              setPage(1);
            }}
          >
            {WITHIN.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <span className="end">
          {chosen.size === 0 ? <span role="status">{said}</span> : <b>{chosen.size} selected</b>}
          <button
            type="button"
            className="btn"
            disabled={chosen.size === 0}
            onClick={() => void forEach('POST', 'kept for a week')}
          >
            Keep longer
          </button>
          <button type="button" className="btn" disabled={chosen.size === 0} onClick={() => setAsking(true)}>
            Delete
          </button>
        </span>
      </div>
      {found.problem === null ? null : (
        <p role="alert" className="tiny">
          {found.problem}
        </p>
      )}
      <table className="adm-table">
        <caption className="vh">Sandboxes, the latest used first</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">Selected</span>
            </th>
            <th scope="col">id</th>
            <th scope="col">scenario</th>
            <th scope="col" className="r">
              exchanges
            </th>
            <th scope="col" className="use">
              last use
            </th>
            <th scope="col" className="r wide">
              size
            </th>
            <th scope="col" className="wide">
              expires
            </th>
            <th scope="col">
              <span className="vh">Look</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sandboxes.map((one) => (
            <Row key={one.id} one={one} isChosen={chosen.has(one.id)} onToggle={toggle} token={token} />
          ))}
        </tbody>
      </table>
      <Pages page={page} per={PER_PAGE} total={total} onPage={setPage} />
      {asking ? (
        <Confirm
          title={`Delete ${chosen.size === 1 ? 'a sandbox' : `${chosen.size} sandboxes`}?`}
          action="Delete"
          onConfirm={() => void forEach('DELETE', 'deleted')}
          onClose={() => setAsking(false)}
        >
          Their clients, users, tokens and exchanges go, and whoever uses them gets 404. Kept reports stay.
        </Confirm>
      ) : null}
    </section>
  );
}

interface RowProps {
  readonly one: SandboxLine;
  readonly isChosen: boolean;
  readonly onToggle: (id: string) => void;
  readonly token: string | null;
}

function Row({ one, isChosen, onToggle, token }: RowProps) {
  const now = Date.now();
  const short = `${one.id.slice(0, 4)}…`;
  return (
    <tr className={isChosen ? 'sel' : undefined}>
      <td>
        <input
          type="checkbox"
          aria-label={`Select ${one.id}`}
          checked={isChosen}
          disabled={one.id === 'default'}
          onChange={() => onToggle(one.id)}
        />
      </td>
      <td>
        <code title={one.id}>{one.id === 'default' ? one.id : short}</code>
      </td>
      <td>{one.scenario ?? 'custom'}</td>
      <td className="r num">{whole(one.exchanges)}</td>
      <td className="use">{span(now - Date.parse(one.last_used_at))}</td>
      <td className="r num wide">{bytes(one.bytes)}</td>
      <td className="wide dim">{one.expires_at === null ? 'never' : `in ${span(Date.parse(one.expires_at) - now)}`}</td>
      <td>
        <Inside id={one.id} token={token} />
      </td>
    </tr>
  );
}

interface Looked {
  readonly exchanges: readonly {
    readonly seq: number;
    readonly endpoint: string;
    readonly request: { readonly method: string };
    readonly response: { readonly status: number } | null;
  }[];
}

/** The latest exchanges of a sandbox, fetched when somebody looks: that is noted among the events. */
function Inside({ id, token }: { id: string; token: string | null }) {
  const [inside, setInside] = useState<Looked | string | null>(null);
  const look = () => {
    if (inside !== null) return setInside(null);
    ask<Looked>(token, `/sandboxes/${encodeURIComponent(id)}`).then(setInside, (error: unknown) =>
      setInside(explain(error)),
    );
  };
  return (
    <>
      <button type="button" className="link" aria-expanded={inside !== null} onClick={look}>
        Look<span className="vh"> inside {id}</span>
      </button>
      {inside === null ? null : (
        <div className="adm-inside" role="status">
          {typeof inside === 'string' ? inside : null}
          {typeof inside === 'object' && inside.exchanges.length === 0 ? 'Nothing was recorded.' : null}
          {typeof inside === 'object' && inside.exchanges.length > 0 ? (
            <ol>
              {inside.exchanges.slice(-12).map(({ seq, endpoint, request, response }) => (
                <li key={seq}>
                  {request.method} {endpoint} {response?.status ?? 'dropped'}
                </li>
              ))}
            </ol>
          ) : null}
        </div>
      )}
    </>
  );
}

function LastUses({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const [now = 0, before = 0] = counts;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const says = `${now} sandboxes were used in the last half hour, ${before} in the one before, ${all} in a day`;
  return (
    <div className="adm-hist" role="img" aria-label={says}>
      <div className="bars">
        {counts.map((count, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <i key={at} style={{ height: `${(100 * count) / most}%` }} />
        ))}
      </div>
      <div className="axis">
        <span>now</span>
        <span>12 h</span>
        <span>24 h ago</span>
      </div>
    </div>
  );
}
