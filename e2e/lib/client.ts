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
