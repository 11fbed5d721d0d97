/** The first step: for which sandbox, which issuer and which operation the request is, and whether it may be. */
import type { SandboxConfig } from '#lib/config/config.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { DEFAULT_ID, type LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import { demandToken, hasShare } from '../control.ts';
import { ControlError } from '../errors.ts';
import { notedFetch } from '../fetched.ts';
import { preflight } from '../headers.ts';
import { allowedMethods, type Method, type Operation, type Route } from '../route.ts';
import { sharingOf, type Visit } from '../visit.ts';

/**
 * Finds sandbox, tenant and operation. Answers a preflight before it is asked whether what it is for
 * exists: a browser would report a fault of CORS instead of the 404.
 * @throws OAuthError 421 or 403 by `Host` and `Origin`, 404, 405; ControlError 401, 404
 */
export async function identify(visit: Visit): Promise<void> {
  const { parts, route, place, request, verdict } = visit;
  if (!verdict.ok && !isAuthorizationByForm(visit))
    throw new OAuthError('invalid_request', {
      reason: verdict.reason === 'host' ? 'host-refused' : 'origin-refused',
      status: verdict.status,
      description: verdict.says,
    });
  const sandbox = await findSandbox(visit);
  visit.sandbox = sandbox;
  if (sandbox !== null && isRecorded(visit, sandbox)) visit.endRecord = parts.recorder.begin(sandbox.record.id);
  if (request.method === 'OPTIONS') {
    visit.response = preflight(request, allowedMethods(route), sharingOf(visit));
    return;
  }
  if (sandbox === null) throw sandboxUnknown(route);
  const { config } = sandbox;
  if (!isOpen(visit, config) || (place.decoy && !config['metadata.decoy'])) throw nothingHere();
  const fetch = notedFetch(parts.fetch, visit.trace.fetched, request.headers.get('traceparent'));
  const tenant = tenantOf({ ...parts, fetch }, sandbox, visit.origin, place.issuer);
  visit.tenant = tenant;
  if (route.exists && !route.exists(tenant)) {
    // The short addresses are closed unless a knob opens them: what was asked there was no endpoint.
    if (route.short) visit.endpoint = 'unknown';
    throw nothingHere();
  }
  const operation = operationFor(route, request.method);
  visit.operation = operation;
  if (operation.control && !(operation.shared && (await hasShare(request, parts.store.tenant(sandbox.record.id)))))
    demandToken(
      parts.site,
      request,
      sandbox.controlTokenHash,
      sandbox.record.id === DEFAULT_ID ? 'the admin token' : 'the control token of this sandbox',
      visit,
    );
}

/**
 * Whether the configuration opens the issuer that was asked. The simulated provider of the sign-in is an `idp` that
 * only takes sign-ins if the knob `issuers` does not open it: from the browser that is sent there, and from this
 * server.
 */
function isOpen({ place, route, env }: Visit, { issuers }: SandboxConfig): boolean {
  if (place.issuer === null || issuers.includes(place.issuer)) return true;
  return place.issuer === 'idp' && !place.decoy && (env.ownRequest === true || route.endpoint === 'authorize');
}

/**
 * Whether a form asks for an authorization. Pages of every origin may: they can do the same by a link, which
 * carries no `Origin`. The user's decision comes to the same address, and is taken from the consent page only.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
function isAuthorizationByForm({ route, request, verdict }: Visit): boolean {
  return !verdict.ok && verdict.reason === 'origin' && route.endpoint === 'authorize' && request.method === 'POST';
}

/** `default` lives at the root and nowhere else; a sandbox with an origin of its own lives at the root of that. */
async function findSandbox({ parts, route, params, origin }: Visit): Promise<LiveSandbox | null> {
  const { sandbox: named } = params;
  if (named === DEFAULT_ID) return null;
  if (route.sandbox !== undefined) return parts.sandboxes.find(params[route.sandbox] ?? '');
  const atRoot = parts.sandboxes.atRootOf(origin);
  // Who is alone on its origin lives at the root of it, and nobody lives beside it.
  if (named !== undefined && atRoot !== DEFAULT_ID) return null;
  const found = await parts.sandboxes.find(named ?? atRoot);
  return named !== undefined && found !== null && found.ownOrigin !== null ? null : found;
}

/** The root of a public instance is not recorded: its users would see each other. A personal one has one user. */
function isRecorded({ parts, route }: Visit, sandbox: LiveSandbox): boolean {
  return route.recorded && !(parts.site.isPublic && !parts.site.isPersonal && sandbox.record.id === DEFAULT_ID);
}

function sandboxUnknown(route: Route): Error {
  if (route.sandbox !== undefined)
    return new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
  return new OAuthError('not_found', {
    reason: 'sandbox-unknown',
    description: 'There is no sandbox at this address, or it has expired.',
  });
}

function nothingHere(): OAuthError {
  return new OAuthError('not_found', { reason: 'path-unknown', description: 'There is nothing at this address.' });
}

/** @throws OAuthError 405 with `Allow` */
function operationFor(route: Route, asked: string): Operation {
  const method = asked === 'HEAD' ? 'GET' : asked;
  const operation = Object.hasOwn(route.methods, method) ? route.methods[method as Method] : undefined;
  if (operation !== undefined) return operation;
  const methods = allowedMethods(route);
  throw new OAuthError('invalid_request', {
    reason: 'method-not-allowed',
    status: 405,
    headers: { allow: methods.join(', ') },
    description: `This endpoint does not take ${asked}. It takes ${methods.join(', ')}.`,
    evidence: { expected: methods, got: asked },
  });
}
