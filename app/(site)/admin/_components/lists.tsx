'use client';

import { type ReactNode, useState } from 'react';
import { explain } from '#lib/client/request.ts';
import { ask, bytes, type EventLine, span } from './api.ts';
import { Numbers, Pages } from './pages.tsx';
import { useAsked } from './use-asked.ts';

const PER_PAGE = 25;

interface ListProps {
  readonly token: string | null;
}

/** What happened lately at this start, asked for again every few seconds unless it is paused. */
export function Events({ token }: ListProps) {
  const [paused, setPaused] = useState(false);
  const { value, problem } = useAsked<{ events: EventLine[] }>(token, '/events', paused ? undefined : 3000);
  const events = value?.events ?? [];
  return (
    <section className="adm-tail" aria-labelledby="adm-events">
      <div className="figh">
        <h2 id="adm-events">Events</h2>
        <span className="cap">{paused ? 'paused' : 'live'}</span>
        <div className="end">
          <button type="button" className="link" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            Pause
          </button>
        </div>
      </div>
      {problem === null ? null : <p className="tiny">{problem}</p>}
      <ol>
        {events.slice(0, 40).map(({ seq, at, says, sandbox }) => (
          <li key={seq}>
            <time dateTime={at}>{new Date(at).toLocaleTimeString('en-GB')}</time>
            <span>
              {says}
              {sandbox === null ? null : (
                <>
                  , <code title={sandbox}>{sandbox === 'default' ? sandbox : `${sandbox.slice(0, 4)}…`}</code>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {events.length === 0 ? <p className="dim">Nothing yet.</p> : null}
      <p className="cap">Looking inside a sandbox shows its exchanges with secrets masked, and is listed here.</p>
    </section>
  );
}

interface ReportLine {
  readonly id: string;
  readonly sandbox: string;
  readonly bytes: number;
  readonly created_at: string;
  readonly read_at: string;
  readonly expires_at: string;
}

/** Kept reports, newest first. */
export function Reports({ token, total, onChange }: ListProps & { total: number; onChange: () => void }) {
  const [page, setPage] = useState(1);
  const { value, again } = useAsked<{ reports: ReportLine[] }>(token, `/reports?page=${page}&limit=${PER_PAGE}`);
  const { said, drop } = useDrop(token, '/reports', 'Deleted.', () => {
    again();
    onChange();
  });
  const now = Date.now();
  return (
    <section>
      <Said>{said}</Said>
      <Table caption="Kept reports, newest first" heads={['report', 'sandbox', 'size', 'kept', 'read', '']}>
        {(value?.reports ?? []).map((one) => (
          <tr key={one.id}>
            <td>
              <a href={`/reports/${one.id}`}>{one.id.slice(0, 8)}…</a>
            </td>
            <td>
              <code>{one.sandbox.slice(0, 4)}…</code>
            </td>
            <td className="num">{bytes(one.bytes)}</td>
            <td>{span(now - Date.parse(one.created_at))} ago</td>
            <td>{span(now - Date.parse(one.read_at))} ago</td>
            <td>
              <Delete what={`report ${one.id}`} onDelete={() => drop(one.id)} />
            </td>
          </tr>
        ))}
      </Table>
      <Pages page={page} per={PER_PAGE} total={total} onPage={setPage} />
    </section>
  );
}

interface PlanLine {
  readonly id: string;
  readonly items: number;
  readonly done: number;
  readonly created_at: string;
  readonly expires_at: string;
}

/** Plans, the latest first. */
export function Plans({ token, total, onChange }: ListProps & { total: number; onChange: () => void }) {
  const [page, setPage] = useState(1);
  const { value, again } = useAsked<{ plans: PlanLine[] }>(token, `/plans?page=${page}&limit=${PER_PAGE}`);
  const { said, drop } = useDrop(token, '/plans', 'Ended, with its sandboxes and reports.', () => {
    again();
    onChange();
  });
  const now = Date.now();
  return (
    <section>
      <Said>{said}</Said>
      <Table caption="Plans, the latest first" heads={['plan', 'done', 'made', 'expires', '']}>
        {(value?.plans ?? []).map((one) => (
          <tr key={one.id}>
            <td>
              <code title={one.id}>{one.id.slice(0, 6)}…</code>
            </td>
            <td className="num">
              {one.done} of {one.items}
            </td>
            <td>{span(now - Date.parse(one.created_at))} ago</td>
            <td>in {span(Date.parse(one.expires_at) - now)}</td>
            <td>
              <Delete what={`plan ${one.id}`} onDelete={() => drop(one.id)} />
            </td>
          </tr>
        ))}
      </Table>
      <Pages page={page} per={PER_PAGE} total={total} onPage={setPage} />
    </section>
  );
}

interface UserLine {
  readonly sub: string;
  readonly email: string | null;
  readonly temporary: boolean;
  readonly last_used_at: string;
}

/** Users of default, by subject. */
export function Users({ token }: ListProps) {
  const [after, setAfter] = useState<readonly string[]>(['']);
  const path = `/users?${new URLSearchParams({ after: after.at(-1) ?? '', limit: String(PER_PAGE) })}`;
  const { value } = useAsked<{ users: UserLine[] }>(token, path);
  const users = value?.users ?? [];
  return (
    <section>
      <Table caption="Users of default" heads={['subject', 'address', 'kept', 'last use']}>
        {users.map((one) => (
          <tr key={one.sub}>
            <td>
              <code>{one.sub}</code>
            </td>
            <td>{one.email ?? 'none'}</td>
            <td>{one.temporary ? 'temporary' : 'kept'}</td>
            <td>{span(Date.now() - Date.parse(one.last_used_at))} ago</td>
          </tr>
        ))}
      </Table>
      <Further after={after} next={users.length < PER_PAGE ? null : (users.at(-1)?.sub ?? null)} onAfter={setAfter} />
    </section>
  );
}

interface ClientLine {
  readonly client_id: string;
  readonly name: string | null;
  readonly source: string;
  readonly created_at: string;
}

/** Clients of default, by identifier. */
export function Clients({ token, onChange }: ListProps & { onChange: () => void }) {
  const [after, setAfter] = useState<readonly string[]>(['']);
  const path = `/clients?${new URLSearchParams({ after: after.at(-1) ?? '', limit: String(PER_PAGE) })}`;
  const { value, again } = useAsked<{ clients: ClientLine[] }>(token, path);
  const clients = value?.clients ?? [];
  const { said, drop } = useDrop(token, '/clients', 'Deleted, with its grants.', () => {
    again();
    onChange();
  });
  return (
    <section>
      <Said>{said}</Said>
      <Table caption="Clients of default" heads={['client', 'name', 'known by', 'since', '']}>
        {clients.map((one) => (
          <tr key={one.client_id}>
            <td>
              <code>{one.client_id}</code>
            </td>
            <td>{one.name ?? 'none'}</td>
            <td>{one.source}</td>
            <td>{span(Date.now() - Date.parse(one.created_at))}</td>
            <td>
              <Delete what={`client ${one.client_id}`} onDelete={() => drop(one.client_id)} />
            </td>
          </tr>
        ))}
      </Table>
      <Further
        after={after}
        next={clients.length < PER_PAGE ? null : (clients.at(-1)?.client_id ?? null)}
        onAfter={setAfter}
      />
    </section>
  );
}

/**
 * Deletes an entry of a list.
 * @param list path of its entries in the operator's API
 * @param done what is said when one is deleted
 * @returns what came of the latest, in words
 */
function useDrop(token: string | null, list: string, done: string, onDropped: () => void) {
  const [said, setSaid] = useState('');
  const drop = async (id: string) => {
    try {
      await ask(token, `${list}/${encodeURIComponent(id)}`, 'DELETE');
      setSaid(done);
      onDropped();
    } catch (error) {
      setSaid(explain(error));
    }
  };
  return { said, drop };
}

function Said({ children }: { readonly children: string }) {
  return (
    <p role="status" className="tiny">
      {children}
    </p>
  );
}

function Delete({ what, onDelete }: { readonly what: string; readonly onDelete: () => Promise<void> }) {
  return (
    <button type="button" className="link" onClick={() => void onDelete()}>
      Delete<span className="vh"> {what}</span>
    </button>
  );
}

function Table({ caption, heads, children }: { caption: string; heads: readonly string[]; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard
    <section className="adm-scroll" tabIndex={0} aria-label={caption}>
      <table className="adm-table list">
        <caption className="vh">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head === '' ? <span className="vh">Delete</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

interface FurtherProps {
  /** The last one of each page before, the first page included. */
  readonly after: readonly string[];
  readonly next: string | null;
  readonly onAfter: (after: readonly string[]) => void;
}

/** Pages of a list that is read on from its last entry: those seen so far have a number. */
function Further({ after, next, onAfter }: FurtherProps) {
  return (
    <div className="adm-pages">
      <span>Page {after.length}</span>
      <Numbers
        page={after.length}
        pages={after.map((_, at) => at + 1)}
        hasNext={next !== null}
        onPage={(page) => onAfter(page <= after.length ? after.slice(0, page) : [...after, next ?? ''])}
      />
    </div>
  );
}
