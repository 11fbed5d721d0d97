/** Which requests a fault is about. */
import type { Fault } from '#lib/config/fault.ts';
import type { Context } from '#lib/oauth/context.ts';

/** What a request is, as far as faults ask. */
export interface Asked {
  readonly ctx: Context;
  readonly endpoint: string;
  /** Where a document was asked for: `path`, `custom`, `oauth-inserted` and so on; null elsewhere. */
  readonly location: string | null;
}

/** Whether a fault is about a request; `nth` and `times` are counted elsewhere. */
export function matches(fault: Fault, asked: Asked): boolean {
  if (fault.endpoint !== asked.endpoint) return false;
  const { ctx } = asked;
  if (fault.client_id !== undefined && clientOf(ctx) !== fault.client_id) return false;
  const { grant_type, rpc_method, tool, authenticated, location, parameters, headers, ...others } = fault.match ?? {};
  const rpc = ctx.body.json as { method?: unknown; params?: { name?: unknown } | null } | undefined;
  return (
    (grant_type === undefined || parameter(ctx, 'grant_type') === grant_type) &&
    (rpc_method === undefined || rpc?.method === rpc_method) &&
    (tool === undefined || (rpc?.method === 'tools/call' && rpc.params?.name === tool)) &&
    (authenticated === undefined || ctx.request.headers.has('authorization') === authenticated) &&
    (location === undefined || asked.location === location) &&
    Object.entries(parameters ?? {}).every(([name, value]) => parameter(ctx, name) === String(value)) &&
    Object.entries(headers ?? {}).every(([name, value]) => header(ctx, name) === String(value)) &&
    // A name that means nothing else is a parameter or a header.
    Object.entries(others).every(
      ([name, value]) => parameter(ctx, name) === String(value) || header(ctx, name) === String(value),
    )
  );
}

function header(ctx: Context, name: string): string | null {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) ? ctx.request.headers.get(name) : null;
}

function parameter(ctx: Context, name: string): string | null {
  const fromForm = ctx.body.form?.get(name);
  if (fromForm !== undefined && fromForm !== null) return fromForm;
  const { url } = ctx.request;
  const query = url.indexOf('?');
  if (query >= 0) {
    const found = new URLSearchParams(url.slice(query + 1)).get(name);
    if (found !== null) return found;
  }
  const json = ctx.body.json;
  const member =
    typeof json === 'object' && json !== null && Object.hasOwn(json, name)
      ? (json as Record<string, unknown>)[name]
      : undefined;
  return typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean'
    ? String(member)
    : null;
}

/** Who the request says that it is from: parameter, HTTP Basic, or the claim of its access token. */
function clientOf(ctx: Context): string | null {
  const named = parameter(ctx, 'client_id');
  if (named !== null) return named;
  const authorization = ctx.request.headers.get('authorization') ?? '';
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  try {
    if (/^basic$/i.test(scheme))
      return decodeURIComponent(Buffer.from(value, 'base64').toString('utf8').split(':')[0]!.replaceAll('+', ' '));
    const claims: unknown = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const id = (claims as { client_id?: unknown }).client_id;
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}
