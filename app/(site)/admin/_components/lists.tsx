'use client';

import { type ReactNode, useState } from 'react';
import { Confirm } from '#components/ui/confirm.tsx';
import { explain } from '#lib/client/request.ts';
import { ask, bytes, span } from './api.ts';
import { Numbers, Pages } from './pages.tsx';
import { useAsked } from './use-asked.ts';

const PER_PAGE = 25;

interface ListProps {
  readonly token: string | null;
}

interface ReportLine {
  readonly id: string;
  readonly sandbox: string;
  readonly bytes: number;
  readonly created_at: string;
  readonly read_at: string;
  readonly expires_at: string;
}

interface ReportsProps extends ListProps {
  readonly total: number;
  readonly oldestFirst: boolean;
  /** Turns the order round. */
  readonly onOrder: () => void;
  readonly onChange: () => void;
}

/** Kept reports by age. */
export function Reports({ token, total, oldestFirst, onOrder, onChange }: ReportsProps) {
  const [page, setPage] = useState(1);
  const order = oldestFirst ? 'oldest' : 'newest';
  const path = `/reports?order=${order}&page=${page}&limit=${PER_PAGE}`;
  const { value, problem, again } = useAsked<{ reports: ReportLine[] }>(token, path);
  const { said, drop } = useDrop(token, '/reports', 'Deleted.', () => {
    again();
    onChange();
  });
  const now = Date.now();
  return (
    <section>
      <Said>{said}</Said>
      <Problem>{problem}</Problem>
      <p className="adm-order">
        {oldestFirst ? 'The oldest first.' : 'The newest first.'}{' '}
        <button
          type="button"
          className="link"
          onClick={() => {
            onOrder();
            setPage(1);
          }}
        >
          {oldestFirst ? 'Newest first' : 'Oldest first'}
        </button>
      </p>
      <Table caption={`Kept reports, ${order} first`} heads={['report', 'sandbox', 'size', 'kept', 'read', '']}>
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
              <Delete
                what={`report ${one.id}`}
                loses="Its page, its badge and its comparisons are gone for everybody who has the link."
                onDelete={() => drop(one.id)}
              />
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
  const { value, problem, again } = useAsked<{ plans: PlanLine[] }>(token, `/plans?page=${page}&limit=${PER_PAGE}`);
  const { said, drop } = useDrop(token, '/plans', 'Ended, with its sandboxes and reports.', () => {
    again();
    onChange();
  });
  const now = Date.now();
  return (
    <section>
      <Said>{said}</Said>
      <Problem>{problem}</Problem>
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
              <Delete
                what={`plan ${one.id}`}
                loses="It ends, and its sandboxes and reports go with it."
                onDelete={() => drop(one.id)}
              />
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
  const { value, problem } = useAsked<{ users: UserLine[] }>(token, path);
  const users = value?.users ?? [];
  return (
    <section>
      <Problem>{problem}</Problem>
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
      <Further
        after={after}
        shown={users.length}
        next={users.length < PER_PAGE ? null : (users.at(-1)?.sub ?? null)}
        onAfter={setAfter}
      />
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
  const { value, problem, again } = useAsked<{ clients: ClientLine[] }>(token, path);
  const clients = value?.clients ?? [];
  const { said, drop } = useDrop(token, '/clients', 'Deleted, with its grants.', () => {
    again();
    onChange();
  });
  return (
    <section>
      <Said>{said}</Said>
      <Problem>{problem}</Problem>
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
              <Delete
                what={`client ${one.client_id}`}
                loses="Its grants and tokens go with it, and it is unknown from then on."
                onDelete={() => drop(one.client_id)}
              />
            </td>
          </tr>
        ))}
      </Table>
      <Further
        after={after}
        shown={clients.length}
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

/** Why what is listed is not what there is now. */
function Problem({ children }: { readonly children: string | null }) {
  if (children === null) return null;
  return (
    <p role="alert" className="tiny">
      {children}
    </p>
  );
}

function Said({ children }: { readonly children: string }) {
  return (
    <p role="status" className="tiny">
      {children}
    </p>
  );
}

interface DeleteProps {
  readonly what: string;
  /** What is lost with it. */
  readonly loses: string;
  readonly onDelete: () => Promise<void>;
}

function Delete({ what, loses, onDelete }: DeleteProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="link" onClick={() => setAsking(true)}>
        Delete<span className="vh"> {what}</span>
      </button>
      {asking ? (
        <Confirm
          title={`Delete ${what}?`}
          action="Delete"
          onConfirm={() => {
            setAsking(false);
            void onDelete();
          }}
          onClose={() => setAsking(false)}
        >
          {loses}
        </Confirm>
      ) : null}
    </>
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
  /** How many are on this page. */
  readonly shown: number;
  readonly next: string | null;
  readonly onAfter: (after: readonly string[]) => void;
}

/** Pages of a list that is read on from its last entry: those seen so far have a number. */
function Further({ after, shown, next, onAfter }: FurtherProps) {
  return (
    <div className="adm-pages">
      <span>{shown === 0 && after.length === 1 ? 'None' : `Page ${after.length}`}</span>
      <Numbers
        page={after.length}
        pages={after.map((_, at) => at + 1)}
        hasNext={next !== null}
        onPage={(page) => onAfter(page <= after.length ? after.slice(0, page) : [...after, next ?? ''])}
      />
    </div>
  );
}
