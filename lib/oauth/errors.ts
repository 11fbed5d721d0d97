/**
 * The one error type of the protocol.
 *
 * `code` is what the client sees; `reason` is what really happened. The interface explains by
 * `reason` and never by parsing a message. `evidence` goes to the recorder and to the learner,
 * never on the wire.
 */
import { errorWords, isExplained } from '#lib/spec/errors.ts';
import type { ReasonId } from '#lib/spec/reasons.ts';
import type { Evidence } from './checks/types.ts';

export type { Evidence } from './checks/types.ts';

/** Error codes of the contract, as they stand in `error` on the wire. */
export type ErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'unsupported_response_type'
  | 'login_required'
  | 'consent_required'
  | 'interaction_required'
  | 'invalid_request_uri'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'rate_limit_exceeded'
  /** Of this server's own: an address or a sandbox that is not there. */
  | 'not_found';

/**
 * How the error is delivered. Until client and redirect URI were matched, an authorization error is a `page`.
 */
export type Delivery =
  | { readonly kind: 'json' }
  | { readonly kind: 'page' }
  | { readonly kind: 'challenge'; readonly scheme?: 'Bearer' | 'DPoP' | 'Basic' };

export interface OAuthErrorDetail {
  /** Stable id of what really happened; see `reasons.ts`. */
  readonly reason: ReasonId;
  /** What was expected, for `error_description`: printable ASCII without `"` and `\` is enforced on the way out. */
  readonly description: string;
  /** Status, if it is not the one that `code` has by default. */
  readonly status?: number;
  readonly evidence?: Evidence;
  readonly delivery?: Delivery;
  /** Further response headers, such as `DPoP-Nonce` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status that goes with an error code; 400 for what has none of its own, and for what a redirect carries. */
export function statusOf(code: string): number {
  const usual = isExplained(code) ? errorWords[code].status : 400;
  return Math.max(usual, 400);
}

const BRAND = Symbol.for('authwalk.OAuthError');

/** A refusal of the protocol. Identify it by {@link isOAuthError}, not `instanceof`: modules can be loaded twice. */
export class OAuthError extends Error {
  readonly code: ErrorCode;
  readonly reason: ReasonId;
  readonly description: string;
  readonly status: number;
  readonly evidence: Evidence | undefined;
  readonly headers: Readonly<Record<string, string>>;
  delivery: Delivery;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, detail: OAuthErrorDetail) {
    super(`${code} (${detail.reason}): ${detail.description}`);
    this.name = 'OAuthError';
    this.code = code;
    this.reason = detail.reason;
    this.description = detail.description;
    this.status = detail.status ?? statusOf(code);
    this.evidence = detail.evidence;
    this.headers = detail.headers ?? {};
    this.delivery = detail.delivery ?? { kind: 'json' };
  }
}

/** Whether `error` is a protocol refusal, also where it was thrown by another instance of this module. */
export function isOAuthError(error: unknown): error is OAuthError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}
