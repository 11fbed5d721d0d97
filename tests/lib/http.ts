/**
 * Requests of a client under test, as plain as they are sent. The kit is the server's side of a test and plays no
 * client: these tests choose each parameter and look at each answer.
 */
import type { Sandbox } from 'authwalk/testing';

export { basic, pkce } from '#lib/testing/client.ts';

/** A form POST. */
export function post(
  url: string,
  form: Record<string, string> | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });
}

/** A JSON request. */
export function send(
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
}

/** Registers a client by itself, as RFC 7591 has it; `sandbox.clients.add` would do it beforehand. */
export async function register(issuer: string, metadata: Record<string, unknown>): Promise<RegisteredClient> {
  const made = await send('POST', `${issuer}/oauth/register`, metadata);
  if (made.status !== 201) throw new Error(`Registration: ${made.status} ${await made.text()}`);
  return (await made.json()) as RegisteredClient;
}

/**
 * An authorization that a made-up user approves.
 * @returns the redirect with `code`, `state`, `iss` or `error`
 */
export function authorize(
  { issuer, visit }: Pick<Sandbox, 'issuer' | 'visit'>,
  parameters: Record<string, string>,
): Promise<URL> {
  return visit(`${issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', ...parameters })}`);
}
