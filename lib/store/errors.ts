/** What the verbs of the store throw. */

/** A bound of a sandbox is reached. */
export class LimitError extends Error {
  readonly limit: string;
  readonly max: number;
  constructor(limit: string, max: number) {
    super(`Limit reached: ${max} ${limit} per sandbox.`);
    this.name = 'LimitError';
    this.limit = limit;
    this.max = max;
  }
}

/** Something with this id exists: a sandbox, a client, or a user with this subject or email address. */
export class ConflictError extends Error {
  readonly what: 'sandbox' | 'client' | 'user';
  readonly id: string;
  constructor(what: 'sandbox' | 'client' | 'user', id: string) {
    super(`The ${what} "${id}" already exists.`);
    this.name = 'ConflictError';
    this.what = what;
    this.id = id;
  }
}

/** The database cannot do its work now: it cannot be reached, does not answer in time, or its disk is full. */
export class StoreUnavailableError extends Error {
  constructor(cause: Error) {
    super(`The database is unavailable: ${cause.message}`, { cause });
    this.name = 'StoreUnavailableError';
  }
}
