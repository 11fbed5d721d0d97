/**
 * What to paste into a client so that it connects: the one place where these texts are made. From addresses alone, so
 * that a page, the walk and the server's own connect pages show the same.
 */

/** Something to paste, and a link that does the same in one click if the client has one. */
export interface Connection {
  readonly title: string;
  /** A sentence on where it goes. */
  readonly says: string;
  readonly language: 'shell' | 'json' | 'typescript' | 'python';
  readonly text: string;
  /** Opens the client and asks there whether to add the server. */
  readonly install?: string;
}

export interface ConnectOptions {
  /** Address of the MCP server. */
  readonly url: string;
  /** Name under which a client files the server. */
  readonly name: string;
  /** A fixed token; null if the client signs in, or if nobody is asked for a token. */
  readonly token?: string | null;
  /** Whether the client is sent to sign in. @default true */
  readonly signIn?: boolean;
}

/** A word for a POSIX shell: as it is if it is harmless, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

/**
 * The name that a client files the server of a sandbox under.
 * @param server `mcp` has none of its own
 */
export function serverName(sandbox: string, server = 'mcp'): string {
  const place = sandbox === 'default' ? '' : `-${sandbox.replace(/[^A-Za-z0-9]/g, '').slice(0, 6)}`;
  return `authwalk${place}${server === 'mcp' ? '' : `-${server}`}`;
}

/** Claude Code, Cursor and VS Code, the last also as a file of a project. */
export function editorConnections({ url, name, token = null, signIn = true }: ConnectOptions): Connection[] {
  const headers = token === null ? {} : { headers: { Authorization: `Bearer ${token}` } };
  const header = token === null ? '' : ` --header "Authorization: Bearer ${token}"`;
  const server = { name, type: 'http', url, ...headers };
  return [
    {
      title: 'Claude Code',
      language: 'shell',
      says: signIn ? 'In a terminal; then /mcp in Claude Code to sign in.' : 'In a terminal.',
      text: `claude mcp add --transport http ${name} ${shellWord(url)}${header}`,
    },
    {
      title: 'Cursor',
      language: 'json',
      says: `In .cursor/mcp.json of a project, or ~/.cursor/mcp.json for all${
        signIn ? '; Cursor then offers to sign in' : ''
      }.`,
      text: pretty({ mcpServers: { [name]: { url, ...headers } } }),
      install: cursorLink(name, { url, ...headers }),
    },
    {
      title: 'VS Code',
      language: 'shell',
      says: 'In a terminal.',
      text: `code --add-mcp ${shellWord(JSON.stringify(server))}`,
      install: `vscode:mcp/install?${encodeURIComponent(JSON.stringify(server))}`,
    },
    {
      title: 'VS Code, in a project',
      language: 'json',
      says: 'In .vscode/mcp.json.',
      text: pretty({ servers: { [name]: { type: 'http', url, ...headers } } }),
    },
  ];
}

/** @see https://docs.cursor.com/deeplinks */
function cursorLink(name: string, config: unknown): string {
  const encoded = encodeURIComponent(btoa(JSON.stringify(config)));
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encoded}`;
}

/** The Inspector, and the official SDKs for TypeScript and Python, against a server behind OAuth. */
export function codeConnections({ url }: Pick<ConnectOptions, 'url'>): Connection[] {
  return [
    {
      title: 'Inspector',
      language: 'shell',
      says: 'In a terminal. It opens a page: press Connect there, then sign in.',
      text: `npx @modelcontextprotocol/inspector --transport http --server-url ${shellWord(url)}`,
    },
    {
      title: 'TypeScript',
      language: 'typescript',
      says: 'Node 20 or later, after `npm i @modelcontextprotocol/client`. A made-up user approves, no browser opens.',
      text: typescript(url),
    },
    {
      title: 'Python',
      language: 'python',
      says: 'Python 3.10 or later, after `pip install mcp`. A made-up user approves, no browser opens.',
      text: python(url),
    },
  ];
}

const typescript = (
  url: string,
): string => `import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';

const url = new URL('${url}');
const redirectUrl = 'http://127.0.0.1:33418/callback';
const kept = {};
let answer;

const authProvider = {
  redirectUrl,
  clientMetadata: {
    client_name: 'my-client', redirect_uris: [redirectUrl], response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none',
  },
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
await client.close();`;

const python = (url: string): string => `import asyncio
from urllib.parse import parse_qs, urlparse

import httpx
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamablehttp_client
from mcp.shared.auth import OAuthClientMetadata

URL = "${url}"
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
        client_metadata=OAuthClientMetadata(
            client_name="my-client", redirect_uris=[REDIRECT], token_endpoint_auth_method="none"
        ),
        storage=Storage(),
        redirect_handler=open_browser,
        callback_handler=callback,
    )
    async with streamablehttp_client(URL, auth=auth) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            print(await session.call_tool("whoami", {}))


asyncio.run(main())`;
