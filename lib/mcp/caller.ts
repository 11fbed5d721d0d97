/** Who calls a tool, as the door found out. */
export interface Caller {
  /** How it was let in. */
  readonly kind: 'oauth' | 'bearer' | 'anonymous';
  /** Whose notes it reads and writes. */
  readonly owner: string;
  /** Subject of the token; null without a user, or without a token. */
  readonly sub: string | null;
  readonly clientId: string | null;
  readonly issuer: string | null;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** ms; null if it never expires, or there is no token. */
  readonly expiresAt: number | null;
  /** Whether the token is bound to a key that was proved (RFC 9449). */
  readonly bound: boolean;
  /** Tells callers apart within one process, for messages that belong to another request; holds no secret. */
  readonly key: string;
}
