/**
 * One request, from the door to the record: site rules, method, sandbox, limits, body, faults,
 * handler, patch, headers.
 */
import type { Context, ParsedBody, Tenant } from '#lib/oauth/context.ts';
import { isOAuthError, noteRefusal, OAuthError } from '#lib/oauth/errors.ts';
import { DEFAULT_ID, type LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { hold } from '#lib/sandbox/barrier.ts';
import { actingFault, faultyAnswer, holdBack, isProcessed, isReal } from '#lib/sandbox/faults.ts';
import { applyPatch, patchFor } from '#lib/sandbox/patch.ts';
import { eventsOf, hasStages, runStages } from '#lib/sandbox/stages.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import type { ConfigOverrides } from '#lib/config/config.ts';
import type { TenantStore } from '#lib/store/store.ts';
import type { Place } from './addresses.ts';
import { demandReadableQuery, readBody } from './body.ts';
import { capture, captureUnanswered } from './capture.ts';
import { demandToken, showsShare } from './control.ts';
import { readCookie, setCookie } from './cookies.ts';
import { deliver, parcelOf } from './deliver.ts';
import { ControlError, errorResponse } from './errors.ts';
import { preflight, setCorsHeaders, setSecurityHeaders } from './headers.ts';
import type { Bindings, Parts } from './parts.ts';
import { remoteAddressOf } from './remote.ts';
import type { Method, Operation, Route } from './route.ts';
import { judgeSite } from './site.ts';
import { RequestTrace } from './trace.ts';

const EMPTY_BODY: ParsedBody = { text: '' };

/** The path of an absolute URL, as it was sent. */
export function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  if (start < 0) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}

/** Methods of a route as `Allow` has them. */
export function allowed(route: Route): string[] {
  const methods: string[] = Object.keys(route.methods);
  if (route.methods.GET) methods.push('HEAD');
  return [...methods, 'OPTIONS'];
}

/** Answers a request to a route. Never throws, never rejects. */
export async function serve(
  parts: Parts,
  route: Route,
  place: Place,
  request: Request,
  env: Bindings,
  params: Readonly<Record<string, string>>,
): Promise<Response> {
  const monotonic = performance.now();
  const at = parts.wall();
  const trace = new RequestTrace();
  const path = pathOf(request.url);
  const verdict = judgeSite(
    parts.site,
    request.headers.get('host') ?? hostOf(request.url),
    request.headers.get('origin'),
    path,
  );
  const { origin } = verdict;
  const url = origin + request.url.slice(request.url.indexOf('/', request.url.indexOf('//') + 2));
  const remoteAddress = remoteAddressOf(request, env, parts.site.trustProxy);
  let sandbox: LiveSandbox | null = null;
  let tenant: Tenant | null = null;
  let body = EMPTY_BODY;
  let endpoint = route.endpoint;
  let cookie: string | null = null;
  let end: (() => void) | null = null;
  let limits: Readonly<Record<string, string>> = {};
  let scripted = false;
  let status = 500;
  let response: Response;

  try {
    if (!verdict.ok)
      throw new OAuthError('invalid_request', {
        reason: verdict.reason === 'host' ? 'host-refused' : 'origin-refused',
        status: verdict.status,
        description: verdict.says,
      });
    const { sandbox: id = DEFAULT_ID, ...rest } = params;
    // `default` lives at the root, and nowhere else.
    sandbox =
      params.sandbox === DEFAULT_ID
        ? null
        : await parts.sandboxes.find(route.sandbox === undefined ? id : (rest[route.sandbox] ?? ''));
    if (sandbox === null) {
      if (route.sandbox !== undefined)
        throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or its time is over.');
      throw new OAuthError('not_found', {
        reason: 'sandbox-unknown',
        description: 'There is no sandbox at this address, or its time is over.',
      });
    }
    if (route.recorded && !(parts.site.isPublic && sandbox.record.id === DEFAULT_ID))
      end = parts.recorder.begin(sandbox.record.id);
    const { config } = sandbox;
    if ((place.issuer !== null && !config.issuers.includes(place.issuer)) || (place.decoy && !config['metadata.decoy']))
      throw nothingHere();
    tenant = tenantOf({ ...parts, isPublic: parts.site.isPublic }, sandbox, origin, place.issuer);
    if (route.exists && !route.exists(tenant)) throw nothingHere();
    if (request.method === 'OPTIONS') response = preflight(request, allowed(route), route.cors === 'open');
    else {
      const operation = operationFor(route, request.method);
      if (operation.control && !(operation.shared && showsShare(request, sandbox.record.secret)))
        demandToken(
          parts.site,
          request,
          sandbox.controlTokenHash,
          sandbox.record.id === DEFAULT_ID ? 'the admin token' : 'the control token of this sandbox',
        );
      limits = await withinLimits(parts, route, remoteAddress);
      const inner =
        url === request.url
          ? request
          : new Request(url, { method: request.method, headers: request.headers, signal: request.signal });
      demandReadableQuery(url);
      body = await readBody(request, env.incoming, operation.body, route.malformed ?? 'invalid_request');
      const known = tenant;
      const ctx: Context = {
        tenant,
        request: inner,
        body,
        trace,
        remoteAddress,
        browser: {
          get id() {
            return cookie ?? readCookie(request.headers.get('cookie'), known.origin);
          },
          ensure() {
            const present = readCookie(request.headers.get('cookie'), known.origin);
            if (present !== null) return present;
            cookie ??= parts.random(32);
            return cookie;
          },
        },
      };
      if (route.nameOf) endpoint = route.nameOf(ctx);
      const fault = route.recorded
        ? await actingFault(sandbox, rootStore(parts, sandbox, tenant), {
            ctx,
            endpoint,
            location: rest.location ?? locationOf(route, path),
          })
        : null;
      if (fault) trace.set({ acted: { kind: 'fault', name: fault.id } });
      const proceed = fault?.effect.hold
        ? await hold(`${sandbox.record.id} ${fault.id}`, fault.effect.hold, fault.position)
        : null;
      let answer: Response | null =
        fault === null || isProcessed(fault.effect)
          ? await handled(parts, operation, ctx, rest, { origin, tenant, request, route, trace, endpoint })
          : null;
      if (answer !== null && hasStages(config)) await stageAfter(parts, sandbox, origin, ctx, endpoint, answer);
      proceed?.();
      if (fault) {
        await holdBack(fault.effect, sandbox.record.id, request.signal);
        scripted = !isReal(fault.effect);
        answer = await faultyAnswer(fault.effect, tenant, request, answer);
        if (answer === null) {
          if (end)
            captureUnanswered(
              parts,
              { sandbox, request, env, url, at, monotonic, endpoint, body: body.text, remoteAddress, trace },
              end,
            );
          parts.metrics.observe(endpoint, request.method, 0, (performance.now() - monotonic) / 1000);
          return dropped(env);
        }
      }
      response = answer!;
    }
  } catch (error) {
    response = await refusal(parts, error, { origin, tenant, request, route, trace });
  }

  try {
    response = dressed(response, route, { cookie, origin, limits, scripted });
    const parcel = await parcelOf(response, request.method);
    const ear =
      end !== null && sandbox !== null
        ? capture(
            parts,
            { sandbox, request, env, url, at, monotonic, endpoint, body: body.text, remoteAddress, trace },
            parcel,
            end,
          )
        : null;
    status = parcel.status;
    response = deliver(env, request.method, parcel, response, ear);
  } catch (error) {
    end?.();
    parts.log('an answer could not be finished', error);
    response = new Response(null, { status: 500 });
  }
  parts.metrics.observe(endpoint, request.method, status, (performance.now() - monotonic) / 1000);
  return response;
}

/** Runs the handler, refusals and the knob `patch` included: what the answer is before any fault. */
async function handled(
  parts: Parts,
  operation: Operation,
  ctx: Context,
  params: Readonly<Record<string, string>>,
  where: Refused & { readonly endpoint: string },
): Promise<Response> {
  let response: Response;
  try {
    response = await operation.handle(ctx, params);
  } catch (error) {
    return refusal(parts, error, where);
  }
  const patch = patchFor(ctx.tenant, where.endpoint);
  if (!patch || !response.ok) return response;
  response = await applyPatch(response, patch, ctx.tenant);
  where.trace.set({ acted: { kind: 'patch', name: where.endpoint } });
  return response;
}

/** Fires the stages that the exchange completes, and notes them in its record. */
async function stageAfter(
  parts: Parts,
  sandbox: LiveSandbox,
  origin: string,
  ctx: Context,
  endpoint: string,
  answer: Response,
): Promise<void> {
  const ground = { ...parts, isPublic: parts.site.isPublic };
  const own = tenantOf(ground, sandbox, origin, null);
  const fired = await runStages(own, eventsOf(ctx, endpoint, answer), () => ({
    issuers: [own, ...sandbox.config.issuers.map((label) => tenantOf(ground, sandbox, origin, label))],
    async set(knobs) {
      await parts.sandboxes.update(sandbox.record.id, (now) => ({
        config: { ...now.config, ...knobs } as ConfigOverrides,
      }));
    },
  }));
  for (const index of fired) ctx.trace.set({ acted: { kind: 'stage', name: `stages.${index}` } });
}

/** Faults are kept with the sandbox itself, whichever of its issuers is asked. */
function rootStore(parts: Parts, sandbox: LiveSandbox, tenant: Tenant): TenantStore {
  return tenant.store.scope === sandbox.record.id ? tenant.store : parts.store.tenant(sandbox.record.id);
}

/** At which kind of address the metadata of a resource was asked for. */
function locationOf(route: Route, path: string): string | null {
  if (route.endpoint !== 'prm') return null;
  if (path.endsWith('/resource-metadata.json')) return 'custom';
  return path === '/.well-known/oauth-protected-resource' ? 'root' : 'path';
}

/** Ends the connection without a word. */
function dropped(env: Bindings): Response {
  if (!env.incoming) return Response.error();
  env.incoming.socket.destroy();
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}

function hostOf(url: string): string {
  const start = url.indexOf('//') + 2;
  const end = url.indexOf('/', start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}

function nothingHere(): OAuthError {
  return new OAuthError('not_found', { reason: 'path-unknown', description: 'Nothing lives at this address.' });
}

function operationFor(route: Route, method: string): Operation {
  const operation = route.methods[(method === 'HEAD' ? 'GET' : method) as Method];
  if (operation !== undefined && Object.hasOwn(route.methods, method === 'HEAD' ? 'GET' : method)) return operation;
  const methods = allowed(route);
  throw new OAuthError('invalid_request', {
    reason: 'method-not-allowed',
    status: 405,
    headers: { allow: methods.join(', ') },
    description: `This endpoint does not take ${method}. It takes ${methods.join(', ')}.`,
    evidence: { expected: methods, got: method },
  });
}

/** @throws OAuthError 429; else the headers that tell how much is left */
async function withinLimits(
  parts: Parts,
  route: Route,
  remoteAddress: string,
): Promise<Readonly<Record<string, string>>> {
  if (!parts.limiter.on || route.limit === undefined) return {};
  const state = await parts.limiter.take(route.endpoint, remoteAddress, route.limit, 60);
  return limitHeaders(state, 60);
}

/** `RateLimit` and `RateLimit-Policy`. @throws OAuthError 429 where nothing is left */
export function limitHeaders(
  state: { ok: boolean; limit: number; remaining: number; reset: number },
  seconds: number,
): Readonly<Record<string, string>> {
  const headers = {
    'ratelimit-policy': `"default";q=${state.limit};w=${seconds}`,
    ratelimit: `"default";r=${state.remaining};t=${state.reset}`,
  };
  if (state.ok) return headers;
  throw new OAuthError('rate_limit_exceeded', {
    reason: 'rate-limited',
    description: `Too many requests: ${state.limit} in ${seconds} s are allowed. Try again in ${state.reset} s.`,
    headers: { ...headers, 'retry-after': String(state.reset) },
  });
}

interface Refused {
  readonly origin: string;
  readonly tenant: Tenant | null;
  readonly request: Request;
  readonly route: Route;
  readonly trace: RequestTrace;
}

async function refusal(
  parts: Parts,
  error: unknown,
  { origin, tenant, request, route, trace }: Refused,
): Promise<Response> {
  let known = error;
  if (error instanceof Error && error.name === 'LimitError') known = limitReached(error, route);
  // Two made the same at the same moment.
  if (error instanceof Error && error.name === 'ConflictError')
    known = new ControlError(409, 'conflict', error.message);
  if (isOAuthError(known)) {
    noteRefusal(trace, known);
    if (route.page && known.delivery.kind === 'json') known.delivery = { kind: 'page' };
  } else if (!(known instanceof ControlError)) {
    parts.log(`${request.method} ${route.endpoint}: unexpected`, error);
    trace.set({ reason: 'server-fault', error: 'server_error' });
  }
  try {
    return await errorResponse(known, {
      origin,
      issuer: tenant?.issuer ?? null,
      request,
      page: async (shown) => (await import('#lib/pages/error.ts')).errorPage({ error: shown, origin, tenant }),
    });
  } catch (second) {
    parts.log('an error could not be shown', second);
    return Response.json(
      {
        error: 'server_error',
        error_description: 'Something broke on the server. It was logged.',
        error_uri: `${origin}/reference#error-server_error`,
      },
      { status: 500 },
    );
  }
}

function limitReached(error: Error, route: Route): Error {
  if (route.sandbox !== undefined) return new ControlError(400, 'limit_exceeded', error.message);
  return new OAuthError('invalid_request', { reason: 'rate-limited', description: error.message });
}

/** Puts on what every answer wears. */
function dressed(
  response: Response,
  route: Route,
  {
    cookie,
    origin,
    limits,
    scripted,
  }: { cookie: string | null; origin: string; limits: Readonly<Record<string, string>>; scripted: boolean },
): Response {
  const dressedOne = writable(response);
  const { headers } = dressedOne;
  if (route.cors === 'open') setCorsHeaders(headers);
  for (const [name, value] of Object.entries(limits)) headers.set(name, value);
  if (cookie !== null) headers.append('set-cookie', setCookie(cookie, origin));
  const html = !scripted && (headers.get('content-type') ?? '').startsWith('text/html');
  setSecurityHeaders(
    headers,
    !html
      ? 'other'
      : route.page && (response.status < 400 || headers.get('content-security-policy')?.includes('allow-forms'))
        ? 'page'
        : 'error page',
  );
  return dressedOne;
}

/** The answer itself where its headers can be written; redirects made by `Response.redirect` and fetched answers are copied. */
function writable(response: Response): Response {
  try {
    response.headers.delete('x-powered-by');
    return response;
  } catch {
    return new Response(response.body, {
      status: response.status,
      statusText: response.statusText,
      headers: new Headers(response.headers),
    });
  }
}
