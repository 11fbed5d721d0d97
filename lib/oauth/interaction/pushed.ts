/** Requests that were pushed (RFC 9126): kept under a reference, for once. */
import type { ClientRecord } from '#lib/store/store.ts';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { sha256 } from '../hash.ts';

const PREFIX = 'urn:ietf:params:oauth:request_uri:';
/** Seconds that a reference is good for. */
export const PUSHED_LIFETIME = 60;

/** Keeps the parameters of a request that was checked. @returns the reference */
export async function keepPushed(ctx: Context, client: ClientRecord, form: URLSearchParams): Promise<string> {
  const { tenant } = ctx;
  const reference = tenant.random(32);
  const parameters = [...form].filter(([name]) => !CREDENTIALS.has(name));
  await tenant.store.createPushedRequest({
    hash: sha256(reference),
    clientId: client.clientId,
    request: { parameters },
    expiresAt: tenant.now() + PUSHED_LIFETIME * 1000,
  });
  return PREFIX + reference;
}

/** What the client proved itself with is not part of the request. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'control_token',
]);

/**
 * Takes the pushed request: one push, one visit. What else stands in the URL has no part in it.
 * @throws OAuthError `invalid_request_uri`, shown as a page: the redirect URI is unknown with the request
 * @see https://datatracker.ietf.org/doc/html/rfc9126#section-4
 */
export async function takePushed(ctx: Context, client: ClientRecord, requestUri: string): Promise<URLSearchParams> {
  const { tenant, trace } = ctx;
  const hash = requestUri.startsWith(PREFIX) ? sha256(requestUri.slice(PREFIX.length)) : null;
  const waiting = hash === null ? null : await tenant.store.getPushedRequest(hash, tenant.now());
  // Another client's reference stays where it is: whoever found it out must not be able to use it up.
  const taken =
    hash !== null && waiting?.clientId === client.clientId
      ? await tenant.store.takePushedRequest(hash, tenant.now())
      : null;
  trace.check({
    check: 'request-uri',
    says: "The reference is known, alive, unused, and this client's",
    ok: taken !== null,
    clause: 'rfc9126-4',
  });
  if (taken === null) {
    throw new OAuthError('invalid_request_uri', {
      reason: 'request-uri-unknown',
      description: 'The request_uri is unknown, used, expired, or of another client.',
      delivery: { kind: 'page' },
      evidence: { expected: `a reference that begins with ${PREFIX}`, got: requestUri.slice(0, 40) },
    });
  }
  return new URLSearchParams(taken.request.parameters as [string, string][]);
}
