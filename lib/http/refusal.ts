/** From anything that was thrown on the way to the answer. */
import { noteRefusal } from '#lib/oauth/checks/check.ts';
import { isOAuthError, OAuthError } from '#lib/oauth/errors.ts';
import { ControlError, errorResponse, errorUri } from './errors.ts';
import { StartSilentError } from './figures.ts';
import { StoreUnavailableError } from '#lib/store/errors.ts';
import { asOutage } from '#lib/store/outage.ts';
import type { ReasonId } from '#lib/spec/reasons.ts';
import type { Visit } from './visit.ts';

/** Refusals that a person meets who opens an address in a browser that is for programs, or for nobody. */
const MET_BY_HAND: ReadonlySet<ReasonId> = new Set([
  'method-not-allowed',
  'path-unknown',
  'metadata-unknown',
  'sandbox-unknown',
]);

/** Seconds after which a client may try again when the database is gone. */
const RETRY_AFTER = 5;
const UNAVAILABLE = `The database does not answer now. Try again in ${RETRY_AFTER} s.`;

/** The answer to what was thrown. Never throws. What is unexpected is logged, and told as `server_error`. */
export async function refusal(visit: Visit, error: unknown): Promise<Response> {
  const { parts, request, route, trace, origin, tenant } = visit;
  const known = named(error, visit);
  if (isOAuthError(known)) {
    if (known.reason === 'store-unavailable')
      parts.log(`${request.method} ${route.endpoint}: no database`, error, about(visit));
    noteRefusal(trace, known);
    const shown = route.page || (isReading(request.method) && MET_BY_HAND.has(known.reason));
    if (shown && known.delivery.kind === 'json') known.delivery = { kind: 'page' };
  } else if (!(known instanceof ControlError)) {
    parts.log(`${request.method} ${route.endpoint}: unexpected`, error, about(visit));
    trace.set({ reason: 'server-fault', error: 'server_error' });
  }
  try {
    return await errorResponse(known, {
      origin,
      isApi: !route.recorded,
      issuer: tenant?.issuer ?? null,
      request,
      page: async (shown) => (await import('#lib/pages/error.ts')).errorPage({ error: shown, origin, tenant, request }),
    });
  } catch (second) {
    parts.log('an error could not be shown', second);
    const body = {
      error: 'server_error',
      error_description: 'An unexpected error occurred. It was logged.',
      error_uri: errorUri(origin, 'server_error'),
    };
    return Response.json(body, { status: 500 });
  }
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** What ties a line of the log to a request, and to the trace that it belongs to. */
function about({ requestId, request, endpoint }: Visit): Record<string, string> {
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(request.headers.get('traceparent') ?? '')?.[1];
  return { request: requestId, endpoint, ...(trace === undefined ? {} : { trace }) };
}

/** Errors of the store, told in the words of the interface that was asked. */
function named(error: unknown, { parts, route }: Visit): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'LimitError') {
    if (route.sandbox !== undefined) return new ControlError(400, 'limit_exceeded', error.message);
    return new OAuthError('invalid_request', { reason: 'rate-limited', description: error.message });
  }
  if (error.name === 'SeedError') return new ControlError(400, 'invalid_request', error.message);
  const outage = asOutage(error);
  if (outage instanceof StoreUnavailableError) {
    const { cause, message } = outage;
    parts.log(`the database cannot serve: ${cause instanceof Error ? cause.message : message}`);
    if (!route.recorded) return new ControlError(503, 'temporarily_unavailable', UNAVAILABLE);
    return new OAuthError('temporarily_unavailable', {
      reason: 'store-unavailable',
      description: UNAVAILABLE,
      headers: { 'retry-after': String(RETRY_AFTER) },
    });
  }
  if (error instanceof StartSilentError)
    return new ControlError(503, 'temporarily_unavailable', `${error.message} Try again in ${RETRY_AFTER} s.`);
  // Two of the same were made at the same moment.
  if (error.name === 'ConflictError') return new ControlError(409, 'conflict', error.message);
  return error;
}
