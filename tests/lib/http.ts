/** Small helpers for tests that speak HTTP as a stranger would. */

/** A form POST. */
export { basic, pkce } from '#lib/testing/client.ts';

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

export interface Sandbox {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
  readonly mcp: { readonly oauth: string; readonly bearer: string; readonly no_auth: string };
  readonly inspect_url: string;
  readonly expires_at: string;
}

const allMade: { readonly api: string; readonly token: string }[] = [];

/** A sandbox of one's own, by the control API. */
export async function makeSandbox(origin: string, body: Record<string, unknown> = {}): Promise<Sandbox> {
  const made = await send('POST', `${origin}/api/sandboxes`, body);
  if (made.status !== 201) throw new Error(`POST /api/sandboxes: ${made.status} ${await made.text()}`);
  const sandbox = (await made.json()) as Sandbox;
  allMade.push({ api: `${origin}/api/sandboxes/${sandbox.id}`, token: sandbox.control_token });
  return sandbox;
}

/** The sandboxes that this file has made, with what steers them. */
export function sandboxes(): readonly { readonly api: string; readonly token: string }[] {
  return allMade;
}

export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
}

/** Registers a client. */
export async function register(issuer: string, metadata: Record<string, unknown>): Promise<RegisteredClient> {
  const made = await send('POST', `${issuer}/oauth/register`, metadata);
  if (made.status !== 201) throw new Error(`Registration: ${made.status} ${await made.text()}`);
  return (await made.json()) as RegisteredClient;
}

/** An authorization with consent given in advance. @returns the redirect with `code`, `state`, `iss` or `error` */
export async function authorize(issuer: string, parameters: Record<string, string>): Promise<URL> {
  const url = new URL(`${issuer}/oauth/authorize`);
  for (const [name, value] of Object.entries({ response_type: 'code', auto_approve: 'true', ...parameters }))
    url.searchParams.set(name, value);
  const response = await fetch(url, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (response.status !== 302 || !location)
    throw new Error(`Authorization: ${response.status} ${await response.text()}`);
  return new URL(location);
}
