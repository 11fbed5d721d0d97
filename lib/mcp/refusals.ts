/**
 * How the MCP servers say no: OAuth errors from the door, JSON-RPC errors from behind it.
 */
import { errorAddress } from '#lib/oauth/addresses.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import type { OAuthError } from '#lib/oauth/errors.ts';
import { quotable } from './challenge.ts';

/** Id of a JSON-RPC request, repeated in the answer to it; null if it could not be read. */
export type RpcId = string | number | null;

/**
 * An OAuth error as JSON, with its place in the reference.
 * @param challenge value of `WWW-Authenticate`, null for none
 */
export function errorJson(tenant: Tenant, error: OAuthError, challenge: string | null = null): Response {
  const headers = new Headers({ 'Cache-Control': 'no-store', ...error.headers });
  if (challenge !== null) headers.set('WWW-Authenticate', challenge);
  // "the resource server SHOULD NOT include an error code or other error information" (RFC 6750 §3.1): nothing was
  // offered that could be wrong.
  if (error.reason === 'token-absent')
    return new Response(null, { status: error.status, headers: new Headers([...headers, ['Content-Length', '0']]) });
  return Response.json(
    {
      error: error.code,
      error_description: quotable(error.description),
      error_uri: errorAddress(tenant, error.code),
    },
    { status: error.status, headers },
  );
}

/** A JSON-RPC error under an HTTP status. @see https://www.jsonrpc.org/specification#error_object */
export function rpcError(
  status: number,
  code: number,
  message: string,
  options: { id?: RpcId; data?: unknown; headers?: Record<string, string> } = {},
): Response {
  return Response.json(
    {
      jsonrpc: '2.0',
      id: options.id ?? null,
      error: { code, message, ...(options.data === undefined ? {} : { data: options.data }) },
    },
    { status, headers: { 'Cache-Control': 'no-store', ...options.headers } },
  );
}

/** Whether what would do is a proof of a key: a bound token that came as a bearer token. */
export function wantsKey({ delivery }: OAuthError): boolean {
  return delivery.kind === 'challenge' && delivery.scheme === 'DPoP';
}
