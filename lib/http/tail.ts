/** The latest things that an operator may want to know of, kept in this process: refusals, failures, own actions. */

export interface TailEvent {
  /** Rises with each. */
  readonly seq: number;
  /** Wall time, ISO 8601. */
  readonly at: string;
  readonly says: string;
  readonly sandbox: string | null;
}

export interface Tail {
  note(event: { readonly says: string; readonly sandbox: string | null }): void;
  /** Newest first. */
  read(): readonly TailEvent[];
}

/** Events that are kept. */
const KEPT = 200;

/** @param wall ms since the epoch */
export function createTail(wall: () => number): Tail {
  const events: TailEvent[] = [];
  let seq = 0;
  return {
    note({ says, sandbox }) {
      seq += 1;
      events.unshift({ seq, at: new Date(wall()).toISOString(), says, sandbox });
      if (events.length > KEPT) events.pop();
    },
    read: () => [...events],
  };
}

/** What is worth a line of an answered request; null: nothing. */
export function worthNoting(operation: string | null, endpoint: string, status: number): string | null {
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
