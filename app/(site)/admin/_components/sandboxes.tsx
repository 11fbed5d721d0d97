'use client';

import { useDeferredValue, useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { explain } from '#lib/client/request.ts';
import { ask, type SandboxLine, whole } from './api.ts';
import { LastUses } from './last-uses.tsx';
import { Pages } from './pages.tsx';
import { SandboxRow } from './sandbox-row.tsx';
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
  /** How many sandboxes there are in all. */
  readonly all: number;
  readonly search: string;
  /** The sandbox to look inside when it is found; null: none. */
  readonly looked: string | null;
  readonly onSearch: (search: string) => void;
  readonly onChange: () => void;
}

/** "more than 400 exchanges", "> 400" */
const LONGER = /^(?:more than|over|>)\s*(\d{1,6})(?:\s+exchanges?)?$/i;

/** What is looked for, as the API takes it. */
function asked(search: string): Record<string, string> {
  const longer = LONGER.exec(search.trim())?.[1];
  return longer === undefined ? { search: search.slice(0, 200) } : { more_than: longer };
}

/** All sandboxes: found, chosen, kept longer, deleted. */
export function Sandboxes({ token, lastUses, all, search, looked, onSearch, onChange }: SandboxesProps) {
  const [within, setWithin] = useState(0);
  const [page, setPage] = useState(1);
  const [order, setOrder] = useState<'used' | 'idle'>('used');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const query = new URLSearchParams({
    ...asked(useDeferredValue(search)),
    used_within: String(within),
    order,
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
        <span className="cap">each bar half an hour; select some to list them</span>
      </div>
      <LastUses
        counts={lastUses}
        within={within}
        onWithin={(seconds) => {
          setWithin(seconds);
          setPage(1);
        }}
      />
      <label className="find">
        <span className="vh">Find a sandbox</span>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m14 14-3.6-3.6M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0z" />
        </svg>
        <input
          type="search"
          placeholder="id, scenario, client, or more than 400 exchanges"
          value={search}
          onChange={({ target }) => {
            onSearch(target.value);
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
            {WITHIN.some(([seconds]) => seconds === within) ? null : (
              <option value={within}>in the last {within / 3600} hours</option>
            )}
            {WITHIN.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        </label>
        {within === 0 && search === '' ? null : (
          <button
            type="button"
            className="link"
            onClick={() => {
              setWithin(0);
              onSearch('');
              setPage(1);
            }}
          >
            all {whole(all)}
          </button>
        )}
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
            Delete{chosen.size === 0 ? '' : ` ${chosen.size}`}
          </button>
        </span>
      </div>
      {found.problem === null ? null : (
        <p role="alert" className="tiny">
          {found.problem}
        </p>
      )}
      <table className="adm-table boxes">
        <caption className="vh">Sandboxes, the {order === 'used' ? 'latest used' : 'longest idle'} first</caption>
        <thead>
          <tr>
            <th scope="col" className="pick">
              <span className="vh">Selected</span>
            </th>
            <th scope="col" className="id">
              id
            </th>
            <th scope="col">scenario</th>
            <th scope="col" className="client wide">
              client
            </th>
            <th scope="col" className="r count">
              exchanges
            </th>
            <th scope="col" className="use" aria-sort={order === 'used' ? 'descending' : 'ascending'}>
              <button
                type="button"
                onClick={() => {
                  setOrder(order === 'used' ? 'idle' : 'used');
                  setPage(1);
                }}
              >
                last use <span aria-hidden="true">{order === 'used' ? '↓' : '↑'}</span>
              </button>
            </th>
            <th scope="col" className="r size wide">
              size
            </th>
            <th scope="col" className="ends">
              expires
            </th>
            <th scope="col" className="look">
              <span className="vh">Look</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sandboxes.map((one) => (
            <SandboxRow
              // Anew if it is to be looked into: an open one shows what is inside now.
              key={one.id === looked ? `${one.id} looked` : one.id}
              one={one}
              isChosen={chosen.has(one.id)}
              opens={one.id === looked}
              onToggle={toggle}
              token={token}
            />
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
