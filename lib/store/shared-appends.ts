/**
 * What PostgreSQL is told of the record: the exchanges of all sandboxes that arrive while the statement before is under
 * way, in one statement. It is one round trip and one commit, and one `notify`: PostgreSQL lets commits that notify
 * through one after the other, so one for each exchange would keep all of them waiting.
 */
import { setImmediate } from '#lib/spec/timers.ts';
import { MAX_EXCHANGES } from '#lib/exchange/types.ts';
import type { Database, Prepared } from './database.ts';
import { StoreUnavailableError } from './errors.ts';
import { encode } from './json.ts';
import { MAX_EXCHANGE_BYTES } from './limits.ts';
import { CHANNEL } from './news.ts';
import type { ExchangeRecord } from './records.ts';
import { retryLost } from './retry.ts';

/** Most bytes and sandboxes of one statement: a long one would keep the next ones waiting. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_SANDBOXES = 200;

type NewExchange = Omit<ExchangeRecord, 'seq'>;

interface Waiting {
  readonly tenant: string;
  readonly epoch: number;
  readonly exchanges: readonly NewExchange[];
  readonly resolve: (records: ExchangeRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What is appended to one ledger by one statement: of one epoch, from one caller or several. */
interface Append {
  readonly tenant: string;
  readonly epoch: number;
  readonly parts: Waiting[];
}

interface Appended {
  readonly tenant: string;
  /** The number of the last exchange. */
  readonly last: number;
  /** All bytes that the ledger holds now. */
  readonly bytes: number;
}

export interface SharedAppends {
  /**
   * Appends to a ledger, if its sandbox is still in this epoch.
   * @returns what was written, once it is committed; nothing if the sandbox was reset or deleted
   */
  append(tenant: string, exchanges: readonly NewExchange[], epoch: number): Promise<ExchangeRecord[]>;
}

/**
 * Appends in one statement.
 *
 * `alive` holds each sandbox until the end, so that a reset waits, or was first. A sandbox that somebody else holds is
 * left out with `skip locked`, so that one slow reset keeps no other sandbox waiting.
 */
const statementOf = (whatIsHeld: 'skip locked' | 'wait'): string => `
  with given as (
    select * from unnest($1::text[], $2::bigint[], $3::bigint[]) as g(tenant, epoch, count)
  ), alive as (
    select s.id as tenant, g.count from sandboxes s join given g on g.tenant = s.id and g.epoch = s.epoch
    where s.deleted_at is null order by s.id for update of s${whatIsHeld === 'wait' ? '' : ' skip locked'}
  ), numbered as (
    insert into counters (tenant, name, value) select tenant, 'exchange-seq', count from alive
    on conflict (tenant, name) do update set value = counters.value + excluded.value
    returning tenant, value
  ), written as (
    insert into exchanges (tenant, seq, at, bytes, data)
    select e.tenant, n.value - a.count + e.nth, e.at, e.bytes, e.data
    from unnest($4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]) as e(tenant, nth, at, bytes, data)
    join numbered n on n.tenant = e.tenant join alive a on a.tenant = e.tenant
    returning tenant, bytes
  ), dropped as (
    delete from exchanges x using numbered n
    where x.tenant = n.tenant and x.seq <= n.value - ${MAX_EXCHANGES}
    returning x.tenant, x.bytes
  ), change as (
    select tenant, sum(bytes) as bytes
    from (select tenant, bytes from written union all select tenant, -bytes from dropped) as both_ways group by tenant
  ), sized as (
    insert into counters (tenant, name, value) select tenant, 'exchange-bytes', bytes from change
    on conflict (tenant, name) do update set value = counters.value + excluded.value
    returning tenant, value
  )
  select n.tenant, n.value as last, s.value as bytes, pg_notify('${CHANNEL}', 'exchanges ' || n.tenant)
  from numbered n join sized s on s.tenant = n.tenant`;

/** Planning takes longer than the rest, so it is done once for each connection. */
const APPEND = { name: 'append', text: statementOf('skip locked') };
const APPEND_PATIENTLY = { name: 'append-patiently', text: statementOf('wait') };

/**
 * @param run runs a prepared statement
 * @param trim drops the oldest of a ledger that holds too many bytes
 */
export function sharedAppends(
  run: NonNullable<Database['prepared']>,
  trim: (tenant: string) => Promise<void>,
): SharedAppends {
  const waiting: Waiting[] = [];
  let scheduled = false;

  async function write(
    appends: readonly Append[],
    statement: Pick<Prepared, 'name' | 'text'>,
  ): Promise<ReadonlyMap<string, Appended>> {
    const lists = appends.map(({ parts }) => parts.flatMap(({ exchanges }) => exchanges));
    const rows = appends.flatMap(({ tenant }, at) => {
      const all = lists[at]!;
      const skipped = Math.max(0, all.length - MAX_EXCHANGES);
      return all.slice(skipped).map((exchange, nth) => ({ tenant, nth: skipped + nth + 1, ...exchange }));
    });
    const values = [
      appends.map(({ tenant }) => tenant),
      appends.map(({ epoch }) => epoch),
      lists.map(({ length }) => length),
      rows.map(({ tenant }) => tenant),
      rows.map(({ nth }) => nth),
      rows.map(({ at }) => Math.round(at)),
      rows.map(({ bytes }) => Math.round(bytes)),
      rows.map(({ data }) => encode(data)),
    ];
    const written = await retryLost(() => run<Appended>({ ...statement, values }));
    return new Map(written.map((row) => [row.tenant, row]));
  }

  async function finish({ tenant, parts }: Append, { last, bytes }: Appended): Promise<void> {
    if (bytes > MAX_EXCHANGE_BYTES) await trim(tenant);
    let seq = last - parts.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
    for (const { exchanges, resolve } of parts) resolve(exchanges.map((exchange) => ({ ...exchange, seq: ++seq })));
  }

  const rejectAll = ({ parts }: Append, error: unknown): void => {
    for (const { reject } of parts) reject(error);
  };

  /** One ledger by itself: waits for whoever holds its sandbox. */
  async function writeAlone(append: Append): Promise<void> {
    try {
      const appended = (await write([append], APPEND_PATIENTLY)).get(append.tenant);
      if (appended !== undefined) await finish(append, appended);
      else for (const { resolve } of append.parts) resolve([]);
    } catch (error) {
      rejectAll(append, error);
    }
  }

  async function writeTogether(appends: readonly Append[]): Promise<void> {
    try {
      const written = await write(appends, APPEND);
      for (const append of appends) {
        const appended = written.get(append.tenant);
        if (appended === undefined) void writeAlone(append);
        else void finish(append, appended).catch((error: unknown) => rejectAll(append, error));
      }
    } catch (error) {
      // One that cannot be written does not take the others with it.
      if (error instanceof StoreUnavailableError) for (const append of appends) rejectAll(append, error);
      else for (const append of appends) await writeAlone(append);
    }
  }

  /** Takes what one statement holds; a ledger whose epoch has changed in between waits for the next one. */
  function take(): Append[] {
    const taken = new Map<string, Append>();
    let bytes = 0;
    let at = 0;
    while (at < waiting.length && bytes < MOST_BYTES) {
      const next = waiting[at]!;
      const present = taken.get(next.tenant);
      if (present === undefined ? taken.size >= MOST_SANDBOXES : present.epoch !== next.epoch) break;
      if (present === undefined) taken.set(next.tenant, { tenant: next.tenant, epoch: next.epoch, parts: [next] });
      else present.parts.push(next);
      bytes += next.exchanges.reduce((sum, one) => sum + one.bytes, 0);
      at += 1;
    }
    waiting.splice(0, at);
    return [...taken.values()];
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) await writeTogether(take());
    scheduled = false;
  }

  return {
    append: (tenant, exchanges, epoch) =>
      new Promise((resolve, reject) => {
        waiting.push({ tenant, epoch, exchanges, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        setImmediate(() => void writeWaiting());
      }),
  };
}
