/** What is counted, in the words of the message, and how many there may be: of a scope, or of the whole database. */
export const LIMITS = {
  sandboxes: 20_000,
  clients: 1000,
  users: 1000,
  'temporary users': 20_000,
  'live grants': 10_000,
  faults: 100,
  notes: 1000,
  shares: 100,
  webhooks: 5,
} as const;

export type Limit = keyof typeof LIMITS;
export type Limits = Readonly<Record<Limit, number>>;

/** Bytes of exchanges that are kept of a sandbox. */
export const MAX_EXCHANGE_BYTES = 4 * 1024 * 1024;

/** The scope of what is counted in the whole database. */
export const WHOLE_DATABASE = '';
