/**
 * Clients that come to a sandbox: one from the official SDK, and one by plain requests. The sandboxes are the kit's
 * (`lib/test.ts`); it plays no client.
 */
import type { Client } from '@modelcontextprotocol/client';
import { pkce } from '#lib/testing/client.ts';
import { McpClient } from '../../tests/lib/mcp-client.ts';

const redirectUrl = 'http://127.0.0.1:33418/callback';

/** Connects a client with everything that it takes; a made-up user approves. */
export async function connect(address: string): Promise<{ client: Client }> {
  const client = new McpClient(address, { name: 'fieldnotes' });
  await client.redeem(await client.begin());
  return { client: await client.connect() };
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
  const { verifier, challenge } = pkce();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirectUrl,
    scope: 'notes:read',
    state: crypto.randomUUID(),
    code_challenge: challenge,
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
