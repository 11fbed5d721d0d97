/** The latest things that an operator may want to know of, kept in this process: refusals, failures, own actions. */
import type { Colleagues, TailEvent } from './figures.ts';

export interface Tail {
  note(event: { readonly says: string; readonly sandbox: string | null }): void;
  /** What this process has noted, newest first. */
  own(): readonly TailEvent[];
  /**
   * What the start and other instances have noted, newest first.
   * @param elsewhere what processes of other instances have noted
   */
  read(elsewhere?: readonly TailEvent[]): Promise<readonly TailEvent[]>;
}

/** Events that are kept. */
const KEPT = 200;

/**
 * @param wall ms since the epoch
 * @param colleagues the other processes of this start: whichever is asked answers for all
 */
export function createTail(wall: () => number, colleagues: Colleagues | null = null): Tail {
  const events: TailEvent[] = [];
  let seq = 0;
  return {
    note({ says, sandbox }) {
      seq += 1;
      events.unshift({ seq, at: new Date(wall()).toISOString(), says, sandbox });
      if (events.length > KEPT) events.pop();
    },
    own: () => [...events],
    async read(elsewhere = []) {
      if (colleagues === null && elsewhere.length === 0) return [...events];
      const all = [...events, ...((await colleagues?.gather()) ?? []).flatMap(({ tail }) => tail), ...elsewhere];
      // Each process counts for itself: in the order of time they get one count.
      const latest = all.sort((a, b) => b.at.localeCompare(a.at) || b.seq - a.seq).slice(0, KEPT);
      return latest.map((event, at) => ({ ...event, seq: latest.length - at }));
    },
  };
}

/** So many sandboxes that expired together have a line each; more of them share one. */
const EACH = 3;

/** Notes which sandboxes have expired. */
export function noteExpired(tail: Pick<Tail, 'note'>, ids: readonly string[]): void {
  if (ids.length > EACH) tail.note({ says: `${ids.length} sandboxes expired unused`, sandbox: null });
  else for (const sandbox of ids) tail.note({ says: 'Sandbox expired unused', sandbox });
}

/** What is worth a line of an answered request; null: nothing. @param scripted whether a fault answered */
export function worthNoting(
  operation: string | null,
  endpoint: string,
  status: number,
  scripted: boolean,
): string | null {
  if (scripted && (status >= 500 || status === 429)) return `${status} at ${endpoint}: a fault`;
  if (status >= 500) return `${status} at ${endpoint}`;
  if (status === 429) return `429 at ${endpoint}: a rate limit`;
  if (status >= 400 || operation === null) return null;
  return SAYS[operation] ?? null;
}

const SAYS: Readonly<Record<string, string>> = {
  deleteSandbox: 'Sandbox deleted by its owner',
  resetSandbox: 'Sandbox reset',
  advanceClock: 'Clock moved',
  rotateKeys: 'Signing key rotated',
  keepReport: 'Report kept',
  addWebhook: 'Webhook made',
  createPlan: 'Plan made',
  ingestEvent: 'Event taken from elsewhere',
};
