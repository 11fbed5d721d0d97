/** From a refusal to the answer that goes over the wire. */
import type { EngineRequest } from '#lib/oauth/context.ts';
import { isOAuthError, OAuthError } from '#lib/oauth/errors.ts';
import type { ExplainedCode } from '#lib/spec/errors.ts';
import { namesType, wantsHtml } from '#lib/pages/accept.ts';
import { SIGNING_ALGORITHMS } from '#lib/oauth/algorithms.ts';
import { printable } from '#lib/spec/printable.ts';
import { vary } from './headers.ts';

/** Where `/reference` explains a code. */
export function errorUri(origin: string, code: string): string {
  return `${origin}/reference#error-${code}`;
}

/** What an error is answered with, apart from its headers. */
export interface ErrorBody {
  readonly error: string;
  readonly error_description: string;
  readonly error_uri: string;
  readonly [detail: string]: unknown;
}

/** An error of the control API: a code in snake_case, and whatever else helps. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: ExplainedCode;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(
    status: number,
    code: ExplainedCode,
    description: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(description);
    this.name = 'ControlError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface ErrorPlace {
  /** `{origin}`, for `error_uri`. */
  readonly origin: string;
  /** Issuer for `iss` in redirects; null if no sandbox was found. */
  readonly issuer: string | null;
  readonly request: EngineRequest | null;
  /** Whether the control API was asked: it also answers as `application/problem+json`. */
  readonly isApi?: boolean;
  /** Renders the page of an error that may not be redirected. */
  readonly page?: (error: OAuthError) => Response | Promise<Response>;
}

/** The answer to anything that was thrown; what is unexpected becomes `server_error` without detail. */
export function errorResponse(error: unknown, place: ErrorPlace): Response | Promise<Response> {
  if (error instanceof ControlError) return controlErrorResponse(error, place);
  if (isOAuthError(error)) return oauthErrorResponse(error, place);
  return oauthErrorResponse(
    new OAuthError('server_error', {
      reason: 'server-fault',
      description: 'An unexpected error occurred. It was logged.',
    }),
    place,
  );
}

function controlErrorResponse(error: ControlError, place: ErrorPlace): Response {
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (error.status === 401)
    headers.set('www-authenticate', `Bearer error="invalid_token", error_description="${printable(error.message)}"`);
  const body = {
    error: error.code,
    error_description: printable(error.message),
    error_uri: errorUri(place.origin, error.code),
    ...error.details,
  };
  return jsonError(body, error.status, headers, place);
}

function oauthErrorResponse(error: OAuthError, place: ErrorPlace): Response | Promise<Response> {
  const { delivery } = error;
  if (delivery.kind === 'page' && place.page && place.request && wantsHtml(place.request.headers))
    return place.page(error);
  const headers = new Headers({ 'cache-control': 'no-store', pragma: 'no-cache', ...error.headers });
  if (delivery.kind === 'page') headers.set('vary', 'Accept');
  const description = printable(error.description);
  if (error.status === 401 && !headers.has('www-authenticate'))
    headers.set('www-authenticate', challenge(error, description));
  else if (delivery.kind === 'challenge' && !headers.has('www-authenticate'))
    headers.set('www-authenticate', challenge(error, description));
  // "the resource server SHOULD NOT include an error code or other error information" (RFC 6750 §3.1): nothing was
  // offered that could be wrong.
  if (error.reason === 'token-absent')
    return new Response(null, { status: error.status, headers: new Headers([...headers, ['content-length', '0']]) });
  const body: ErrorBody = {
    error: error.code,
    error_description: description,
    error_uri: errorUri(place.origin, error.code),
  };
  return jsonError(body, error.status, headers, place);
}

/**
 * An error as JSON; at the control API also as problem details, if `Accept` names them.
 * @see https://www.rfc-editor.org/rfc/rfc9457#section-3
 */
function jsonError(body: ErrorBody, status: number, headers: Headers, { isApi, request }: ErrorPlace): Response {
  if (!isApi) return Response.json(body, { status, headers });
  vary(headers, 'Accept');
  if (!namesType(request?.headers.get('accept'), 'application/problem+json'))
    return Response.json(body, { status, headers });
  headers.set('content-type', 'application/problem+json');
  const { error, error_description: detail, error_uri: type } = body;
  const title = error.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
  return new Response(JSON.stringify({ type, title, status, detail, ...body }), { status, headers });
}

/** `WWW-Authenticate` (RFC 6750 §3, RFC 9449 §7.1): no error code if no credentials came. */
function challenge(error: OAuthError, description: string): string {
  if (error.code === 'invalid_client') return 'Basic realm="authwalk", charset="UTF-8"';
  const scheme = error.delivery.kind === 'challenge' ? (error.delivery.scheme ?? 'Bearer') : 'Bearer';
  if (error.reason === 'token-absent') return `${scheme} realm="authwalk"`;
  const algs = scheme === 'DPoP' ? `, algs="${SIGNING_ALGORITHMS.join(' ')}"` : '';
  return `${scheme} error="${error.code}", error_description="${description}"${algs}`;
}
