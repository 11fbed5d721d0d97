/** Types of the guarded fetch. */

/** What to fetch, and within which bounds. */
export interface FetchOptions {
  /** Longest body that is read, in bytes. */
  readonly maxBytes: number;
  /** Value of the `Accept` header. */
  readonly accept: string;
  /** Value of `If-None-Match`: the answer may then be a 304. */
  readonly etag?: string;
  /** On whose word: of one requester only a few fetches run at once. */
  readonly requester?: string;
  /** GET if left out. */
  readonly method?: 'GET' | 'POST';
  /** Body of a POST. */
  readonly body?: string | Uint8Array;
  /** Further request headers; they cannot replace those that the guard sets. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FetchedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Fetches an address that a client named.
 * @throws FetchRefused if the address is refused, does not answer in time, redirects, or sends more than `maxBytes`
 */
export type GuardedFetch = (url: string, options: FetchOptions) => Promise<FetchedAnswer>;
