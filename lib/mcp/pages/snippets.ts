/** What to paste where, for one address: commands and files that work as they stand. */
import { PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server';
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';
import { resourceAddress, type ResourceName } from '../resources.ts';

export interface Snippet {
  readonly title: string;
  /** A sentence on where it goes. */
  readonly says: string;
  readonly language: 'shell' | 'json';
  readonly text: string;
}

const REVISION = '2026-07-28';

/** Verifier and challenge of RFC 7636, appendix B: good for a command to paste, for nothing else. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const CALLBACK = 'http://127.0.0.1:8765/callback';

/** A word for a POSIX shell: as it is where it is harmless, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const inDoubleQuotes = (text: string) => `"${text}"`;
const lines = (...parts: string[]) => parts.join(' \\\n  ');
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

/** The name that a client files the server under. */
function serverName(tenant: Tenant, resource: ResourceName): string {
  const place = tenant.sandboxId === 'default' ? '' : `-${tenant.sandboxId.replace(/[^A-Za-z0-9]/g, '').slice(0, 6)}`;
  return `authwalk${place}${resource === 'mcp' ? '' : `-${resource}`}`;
}

function rpc(method: string, params: Record<string, unknown>): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: { ...params, _meta: { [PROTOCOL_VERSION_META_KEY]: REVISION, [CLIENT_CAPABILITIES_META_KEY]: {} } },
  });
}

/** A call of `whoami` by curl. @param authorization the header, in double quotes, or nothing */
function call(address: string, authorization: string | null): string {
  return lines(
    `curl -si ${shellWord(address)}`,
    "-H 'Content-Type: application/json'",
    "-H 'Accept: application/json, text/event-stream'",
    `-H 'MCP-Protocol-Version: ${REVISION}'`,
    "-H 'Mcp-Method: tools/call'",
    "-H 'Mcp-Name: whoami'",
    ...(authorization === null ? [] : [`-H ${inDoubleQuotes(authorization)}`]),
    `-d ${shellWord(rpc('tools/call', { name: 'whoami', arguments: {} }))}`,
  );
}

/** The whole way by curl: register, let a made-up user approve, redeem the code, call. */
function wholeFlow(tenant: Tenant, resource: ResourceName): string {
  const base = sandboxBase(tenant);
  const address = resourceAddress(tenant, resource);
  const member = (name: string) => `sed -E 's/.*"${name}":"([^"]+)".*/\\1/'`;
  return [
    `CLIENT=$(${lines(
      `curl -s ${shellWord(`${base}/oauth/register`)}`,
      "-H 'Content-Type: application/json'",
      `-d ${shellWord(JSON.stringify({ client_name: 'curl', redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' }))} | ${member('client_id')}`,
    )})`,
    `CODE=$(${lines(
      `curl -s -o /dev/null -w '%{redirect_url}' -G ${shellWord(`${base}/oauth/authorize`)}`,
      '-d response_type=code -d "client_id=$CLIENT"',
      `--data-urlencode redirect_uri=${CALLBACK}`,
      "--data-urlencode 'scope=notes:read notes:write'",
      `--data-urlencode resource=${shellWord(address)}`,
      `-d code_challenge=${CHALLENGE} -d code_challenge_method=S256`,
      "-d auto_approve=true | sed -E 's/.*[?&]code=([^&]+).*/\\1/'",
    )})`,
    `TOKEN=$(${lines(
      `curl -s ${shellWord(`${base}/oauth/token`)}`,
      '-d grant_type=authorization_code -d "client_id=$CLIENT" -d "code=$CODE"',
      `--data-urlencode redirect_uri=${CALLBACK} -d code_verifier=${VERIFIER} | ${member('access_token')}`,
    )})`,
    call(address, 'Authorization: Bearer $TOKEN'),
  ].join('\n');
}

function curlSnippets(tenant: Tenant, resource: ResourceName): Snippet[] {
  const address = resourceAddress(tenant, resource);
  if (resource === 'no-auth') {
    return [
      { title: 'curl', says: 'One call, no session and no token.', language: 'shell', text: call(address, null) },
    ];
  }
  if (resource === 'bearer') {
    const token = tenant.config['bearer.tokens'].length > 0 ? 'YOUR_TOKEN' : 'any-token-will-do';
    return [
      {
        title: 'curl',
        says: 'One call, with a token.',
        language: 'shell',
        text: call(address, `Authorization: Bearer ${token}`),
      },
    ];
  }
  return [
    {
      title: 'curl, without a token',
      says: 'Gets the 401 with the challenge that tells a client where to go.',
      language: 'shell',
      text: call(address, null),
    },
    {
      title: 'curl, the whole way',
      says: 'Registers a client, lets a made-up user approve, redeems the code and calls. Paste it as it stands.',
      language: 'shell',
      text: wholeFlow(tenant, resource),
    },
  ];
}

/**
 * The snippets for one address.
 * @returns Claude Code, Cursor, VS Code, then curl
 */
export function snippets(tenant: Tenant, resource: ResourceName): Snippet[] {
  const name = serverName(tenant, resource);
  const url = resourceAddress(tenant, resource);
  const token = tenant.config['bearer.tokens'].length > 0 ? 'YOUR_TOKEN' : 'any-token-will-do';
  const headers = resource === 'bearer' ? { headers: { Authorization: `Bearer ${token}` } } : {};
  const signIn = resource === 'mcp' || resource === 'oauth';
  return [
    {
      title: 'Claude Code',
      language: 'shell',
      says: signIn ? 'In a terminal; then /mcp in Claude Code to sign in.' : 'In a terminal.',
      text: `claude mcp add --transport http ${name} ${shellWord(url)}${resource === 'bearer' ? ` --header ${inDoubleQuotes(`Authorization: Bearer ${token}`)}` : ''}`,
    },
    {
      title: 'Cursor',
      language: 'json',
      says: `In .cursor/mcp.json of a project, or ~/.cursor/mcp.json for all${signIn ? '; Cursor then offers to sign in' : ''}.`,
      text: pretty({ mcpServers: { [name]: { url, ...headers } } }),
    },
    {
      title: 'VS Code',
      language: 'shell',
      says: 'In a terminal.',
      text: `code --add-mcp ${shellWord(JSON.stringify({ name, type: 'http', url, ...headers }))}`,
    },
    {
      title: 'VS Code, in a project',
      language: 'json',
      says: 'In .vscode/mcp.json.',
      text: pretty({ servers: { [name]: { type: 'http', url, ...headers } } }),
    },
    ...curlSnippets(tenant, resource),
  ];
}
