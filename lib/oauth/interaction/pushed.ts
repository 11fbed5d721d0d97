/** Requests that were pushed (RFC 9126): kept under a reference, for once. */
import type { ClientRecord } from '#lib/store/store.ts';
import { check } from '../checks/check.ts';
import { requestUri as requestUriCheck } from '../checks/request-uri.ts';
import type { Context } from '../context.ts';
import { sha256 } from '../hash.ts';
import { AUTHORIZATION_REQUEST } from '../endpoints/parameters.ts';

/** What else a client sends has no meaning to this server. */
const KEPT: ReadonlySet<string> = new Set(AUTHORIZATION_REQUEST.map(({ name }) => name));
const PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** Whether a `request_uri` has the form of the references that are given out here. */
export function isReference(requestUri: string): boolean {
  return requestUri.startsWith(PREFIX);
}

/** Seconds that a reference is good for. */
export const PUSHED_LIFETIME = 60;

/**
 * Keeps the parameters of a request that was checked: those of an authorization request, and nothing else that came
 * with them, such as credentials.
 * @returns the reference
 */
export async function keepPushed(ctx: Context, client: ClientRecord, form: URLSearchParams): Promise<string> {
  const { tenant } = ctx;
  const reference = tenant.random(32);
  const parameters = [...form].filter(([name]) => KEPT.has(name));
  await tenant.store.createPushedRequest({
    hash: sha256(reference),
    clientId: client.clientId,
    request: { parameters },
    expiresAt: tenant.now() + PUSHED_LIFETIME * 1000,
  });
  return PREFIX + reference;
}

/**
 * Takes the pushed request: one push, one visit. Anything else in the URL is ignored.
 * @throws OAuthError `invalid_request_uri`, shown as a page: without the request the redirect URI is unknown
 * @see https://datatracker.ietf.org/doc/html/rfc9126#section-4
 */
export async function takePushed(ctx: Context, client: ClientRecord, requestUri: string): Promise<URLSearchParams> {
  const { tenant, trace } = ctx;
  const hash = isReference(requestUri) ? sha256(requestUri.slice(PREFIX.length)) : null;
  const waiting = hash === null ? null : await tenant.store.getPushedRequest(hash, tenant.now());
  // Another client's reference stays as it is: a client that found it out must not be able to use it up.
  const taken =
    hash !== null && waiting?.clientId === client.clientId
      ? await tenant.store.takePushedRequest(hash, tenant.now())
      : null;
  check(trace, requestUriCheck, { taken: taken !== null, got: requestUri, prefix: PREFIX });
  return new URLSearchParams(taken!.request.parameters as [string, string][]);
}
