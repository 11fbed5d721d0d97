/** A real MCP client, from the official SDK, and sandboxes for it. */
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import type { Page } from '@playwright/test';
import { expect } from './test.ts';

const redirectUrl = 'http://127.0.0.1:33418/callback';

/** What an application keeps for the SDK; a made-up user approves. */
export class Kept {
  readonly redirectUrl = redirectUrl;
  readonly clientMetadata = {
    client_name: 'fieldnotes',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  readonly values: Record<string, unknown> = {};
  answer: URL | undefined;
  state() {
    return crypto.randomUUID();
  }
  clientInformation() {
    return this.values.client as never;
  }
  saveClientInformation(client: unknown) {
    this.values.client = client;
  }
  tokens() {
    return this.values.tokens as never;
  }
  saveTokens(tokens: unknown) {
    this.values.tokens = tokens;
  }
  saveDiscoveryState(state: unknown) {
    this.values.discovery = state;
  }
  discoveryState() {
    return this.values.discovery as never;
  }
  codeVerifier() {
    return this.values.verifier as string;
  }
  saveCodeVerifier(verifier: string) {
    this.values.verifier = verifier;
  }
  async redirectToAuthorization(url: URL) {
    url.searchParams.set('auto_approve', 'true');
    this.answer = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location')!);
  }
}

/** Connects a client of its own making, with everything that it takes. */
export async function connect(mcp: string, kept = new Kept()): Promise<{ client: Client; kept: Kept }> {
  const url = new URL(mcp);
  const authProvider = kept as never;
  const first = new StreamableHTTPClientTransport(url, { authProvider });
  const client = new Client({ name: 'fieldnotes', version: '0.9.2' });
  if (!kept.values.tokens) {
    await expect(new Client({ name: 'fieldnotes', version: '0.9.2' }).connect(first)).rejects.toBeInstanceOf(
      UnauthorizedError,
    );
    await first.finishAuth(kept.answer!.searchParams);
  }
  await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
  return { client, kept };
}

export interface Made {
  readonly id: string;
  readonly control_token: string;
  readonly inspect_url: string;
  readonly mcp: { readonly oauth: string };
}

export async function make(page: Page, setup: Record<string, unknown> = {}): Promise<Made> {
  return (await (await page.request.post('/api/sandboxes', { data: setup })).json()) as Made;
}

/**
 * A client of its own making goes as far as the token, by plain requests.
 * @param resource whether its token request names the resource
 */
export async function run(mcp: string, { resource }: { readonly resource: boolean }): Promise<void> {
  const base = mcp.replace(/\/mcp$/, '');
  const rpc = (token: string | null) =>
    fetch(mcp, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-11-25',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    });
  await rpc(null);
  const registered = await fetch(`${base}/oauth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      client_name: 'fieldnotes',
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  const verifier = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirectUrl,
    scope: 'notes:read',
    state: crypto.randomUUID(),
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
    resource: mcp,
    auto_approve: 'true',
  });
  const asked = await fetch(`${base}/oauth/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(asked.headers.get('location')!).searchParams.get('code')!;
  const redeemed = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUrl,
      client_id,
      code_verifier: verifier,
      ...(resource ? { resource: mcp } : {}),
    }),
  });
  await rpc(((await redeemed.json()) as { access_token: string }).access_token);
}
