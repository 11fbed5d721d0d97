/** Why something that a client named could not be fetched. */
export type RefusalKind =
  /** The address leads into a network that is not entered on a stranger's word. */
  | 'address'
  /** No answer: name, connection or TLS. */
  | 'unreachable'
  | 'timeout'
  /** It answered with a redirect, and redirects are not followed. */
  | 'redirect'
  | 'too-large'
  /** Too many fetches of the same requester are under way. */
  | 'busy';

const BRAND = Symbol.for('authwalk.FetchRefused');

/** Thrown by the guarded fetch. Identify it by {@link isFetchRefused}, not `instanceof`. */
export class FetchRefused extends Error {
  readonly kind: RefusalKind;
  /** The status that a host answered with; null if none did. */
  readonly status: number | null;
  readonly [BRAND] = true;
  constructor(kind: RefusalKind, message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.name = 'FetchRefused';
    this.kind = kind;
    this.status = options.status ?? null;
  }
}

/** Whether `error` is a {@link FetchRefused}, also of another instance of this module. */
export function isFetchRefused(error: unknown): error is FetchRefused {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}
