/** Cuts a ledger into runs: the exchanges of one client, from the first one after creation, `reset` or `final`. */
import { type Attribution, attribute, type Identity } from './attribution.ts';
import type { Ledger } from './ledger.ts';
import { revisionOfRun } from './revision.ts';
import { Run, type RunShape } from './run.ts';
import { byTime, type Seen } from './seen.ts';

/** One stretch of the ledger between two ends of runs. */
interface Stretch {
  readonly after: number;
  readonly upTo: number;
  readonly closedAt: number | null;
}

/**
 * All runs, by their first exchange.
 * @param revision to judge as, in place of the one observed
 */
export function runsOf(ledger: Ledger, revision: string | null = null): readonly Run[] {
  const attribution = attribute(ledger);
  const shapes: Omit<RunShape, 'id'>[] = [];
  const crowds = new Map<Omit<RunShape, 'id'>, boolean>();
  for (const stretch of stretchesOf(ledger)) {
    const found = runsWithin(attribution, stretch, droppedBefore(ledger, stretch));
    for (const shape of found) crowds.set(shape, found.length > 1 || attribution.clients.length > 1);
    shapes.push(...found);
  }
  shapes.sort((a, b) => byTime(a.seen[0]!, b.seen[0]!));
  return shapes.map((shape, index) => {
    const calls = shape.seen.filter(({ endpoint }) => endpoint === 'mcp');
    const own = calls.filter((seen) => shape.own.has(seen));
    const observed = revisionOfRun(own);
    return new Run(
      ledger,
      { ...shape, id: `r${index + 1}` },
      revision === null
        ? observed.value === null
          ? revisionOfRun(calls)
          : observed
        : { value: revision, by: 'asked' },
      crowds.get(shape) ?? false,
    );
  });
}

/** The run of a sandbox in which nothing has happened. */
export function emptyRun(ledger: Ledger, revision: string | null): Run {
  const shape: RunShape = {
    id: 'r1',
    client: null,
    seen: [],
    own: new Set(),
    closedAt: ledger.input.finals.at(-1)?.at ?? null,
    closedSeq: null,
    dropped: 0,
  };
  return new Run(ledger, shape, { value: revision, by: revision === null ? null : 'asked' }, false);
}

function stretchesOf(ledger: Ledger): Stretch[] {
  const ends = [...ledger.input.finals, ...ledger.resets].sort((a, b) => a.seq - b.seq);
  const stretches: Stretch[] = [];
  let after = 0;
  for (const { seq, at } of ends) {
    if (seq > after) stretches.push({ after, upTo: seq, closedAt: at });
    after = Math.max(after, seq);
  }
  return [...stretches, { after, upTo: Number.POSITIVE_INFINITY, closedAt: null }];
}

/** How many exchanges of a stretch are no longer kept. */
function droppedBefore(ledger: Ledger, { after, upTo }: Stretch): number {
  const first = ledger.input.memory?.firstKept ?? 1;
  return Math.max(0, Math.min(first - 1, upTo) - after);
}

function runsWithin(
  { clients, unnamed }: Attribution,
  { after, upTo, closedAt }: Stretch,
  dropped: number,
): Omit<RunShape, 'id'>[] {
  const within = (seen: Seen): boolean => seen.seq > after && seen.seq <= upTo;
  const loose = unnamed.filter(within);
  const closedSeq = closedAt === null ? null : upTo;
  const present = clients
    .map((client) => ({ client, own: [...client.own].filter(within) }))
    .filter(({ own }) => own.length > 0);
  const shape = (client: Identity | null, mine: readonly Seen[]): Omit<RunShape, 'id'> => {
    const own = new Set(mine);
    const seen = [...mine, ...loose.filter((one) => !own.has(one))].sort(byTime);
    return { client, seen, own, closedAt, closedSeq, dropped };
  };
  if (present.length === 0) {
    if (loose.length === 0) return [];
    return [shape(clients.length === 1 ? clients[0]! : null, clients.length < 2 ? loose : [])];
  }
  const [only] = present;
  if (present.length === 1 && clients.length === 1) {
    // What names nobody is the one client's, unless it speaks with another voice.
    const { userAgents } = only!.client;
    const mine = loose.filter(
      ({ exchange: { client } }) =>
        userAgents.length === 0 || client.userAgent === null || userAgents.includes(client.userAgent),
    );
    return [shape(only!.client, [...only!.own, ...mine])];
  }
  return present.map(({ client, own }) => shape(client, own));
}
