/** Which requests a fault is about. */
import type { Fault } from '#lib/config/fault.ts';
import { claimedClientOf, headerOf, namedClientOf, parameterOf, rpcOf } from '#lib/exchange/read.ts';
import type { HttpRequest } from '#lib/exchange/types.ts';
import type { Context } from '#lib/oauth/context.ts';

/** What a request is, as far as faults ask. */
export interface FaultRequest {
  readonly ctx: Context;
  readonly endpoint: string;
  /** Where a document was asked for: `path`, `custom`, `oauth-inserted` and so on; null elsewhere. */
  readonly location: string | null;
}

/** Whether a fault is about a request; `nth` and `times` are counted elsewhere. */
export function matches(fault: Fault, asked: FaultRequest): boolean {
  if (fault.endpoint !== asked.endpoint) return false;
  const sent = sentOf(asked.ctx);
  const { request } = sent;
  if (fault.client_id !== undefined && (namedClientOf(sent) ?? claimedClientOf(sent)) !== fault.client_id) return false;
  const { grant_type, rpc_method, tool, authenticated, location, parameters, headers, ...others } = fault.match ?? {};
  const rpc = rpcOf(sent);
  return (
    (grant_type === undefined || parameterOf(sent, 'grant_type') === grant_type) &&
    (rpc_method === undefined || rpc?.method === rpc_method) &&
    (tool === undefined || rpc?.tool === tool) &&
    (authenticated === undefined || (headerOf(request, 'authorization') !== null) === authenticated) &&
    (location === undefined || asked.location === location) &&
    Object.entries(parameters ?? {}).every(([name, value]) => parameterOf(sent, name) === String(value)) &&
    Object.entries(headers ?? {}).every(([name, value]) => headerOf(request, name) === String(value)) &&
    // A name that means nothing else is a parameter or a header.
    Object.entries(others).every(
      ([name, value]) => parameterOf(sent, name) === String(value) || headerOf(request, name) === String(value),
    )
  );
}

interface Sent {
  readonly request: HttpRequest;
  readonly response: null;
  readonly endpoint: string;
}

const known = new WeakMap<Context, Sent>();

/** The request as the record reads it, made once: all faults of a sandbox share what is parsed of it. */
function sentOf(ctx: Context): Sent {
  const before = known.get(ctx);
  if (before !== undefined) return before;
  const { method, url, headers } = ctx.request;
  const sent: Sent = {
    request: { method, url, httpVersion: '1.1', headers: [...headers], body: ctx.body.text },
    response: null,
    endpoint: '',
  };
  known.set(ctx, sent);
  return sent;
}
