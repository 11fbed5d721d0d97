/** What to paste into a client, beside what the MCP address itself hands out. Made from addresses alone. */
import type { Connection } from './types.ts';

/**
 * The Inspector, TypeScript and Python.
 * @param mcp address of the MCP server behind OAuth
 */
export function furtherConnections(mcp: string): Connection[] {
  return [
    {
      title: 'Inspector',
      says: 'In a terminal; it opens a page, where Connect and then the sign-in follow.',
      text: `npx @modelcontextprotocol/inspector --transport http --server-url ${mcp}`,
    },
    {
      title: 'TypeScript',
      says: 'Node 20 or later, after `npm i @modelcontextprotocol/client`. A made-up user approves, so no browser opens.',
      text: `import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';

const url = new URL('${mcp}');
const redirectUrl = 'http://127.0.0.1:33418/callback';
const kept = {};
let answer;

const authProvider = {
  redirectUrl,
  clientMetadata: { client_name: 'my-client', redirect_uris: [redirectUrl], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' },
  state: () => crypto.randomUUID(),
  clientInformation: () => kept.client, saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens, saveTokens: (tokens) => { kept.tokens = tokens; },
  discoveryState: () => kept.discovery, saveDiscoveryState: (discovery) => { kept.discovery = discovery; },
  codeVerifier: () => kept.verifier, saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  async redirectToAuthorization(to) {
    to.searchParams.set('auto_approve', 'true');
    answer = new URL((await fetch(to, { redirect: 'manual' })).headers.get('location'));
  },
};

const first = new StreamableHTTPClientTransport(url, { authProvider });
try {
  await new Client({ name: 'my-client', version: '1.0.0' }).connect(first);
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
  await first.finishAuth(answer.searchParams);
}
const client = new Client({ name: 'my-client', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
console.log(await client.callTool({ name: 'whoami', arguments: {} }));
await client.close();`,
    },
    {
      title: 'Python',
      says: 'Python 3.10 or later, after `pip install mcp`. A made-up user approves, so no browser opens.',
      text: `import asyncio
from urllib.parse import parse_qs, urlparse

import httpx
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamablehttp_client
from mcp.shared.auth import OAuthClientMetadata

URL = "${mcp}"
REDIRECT = "http://127.0.0.1:33418/callback"


class Storage:
    tokens = client = None

    async def get_tokens(self): return self.tokens
    async def set_tokens(self, tokens): self.tokens = tokens
    async def get_client_info(self): return self.client
    async def set_client_info(self, client): self.client = client


answer = {}


async def open_browser(address: str) -> None:
    async with httpx.AsyncClient() as http:
        response = await http.get(address + "&auto_approve=true")
        answer.update(parse_qs(urlparse(response.headers["location"]).query))


async def callback():
    return answer["code"][0], answer["state"][0]


async def main() -> None:
    auth = OAuthClientProvider(
        server_url=URL,
        client_metadata=OAuthClientMetadata(client_name="my-client", redirect_uris=[REDIRECT], token_endpoint_auth_method="none"),
        storage=Storage(),
        redirect_handler=open_browser,
        callback_handler=callback,
    )
    async with streamablehttp_client(URL, auth=auth) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            print(await session.call_tool("whoami", {}))


asyncio.run(main())`,
    },
  ];
}
