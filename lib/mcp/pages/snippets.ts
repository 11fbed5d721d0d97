/** What to paste where, for one address: commands and files that work as they stand. */
import { type Connection, editorConnections, serverName, shellWord } from '#lib/exchange/connect.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';
import { resourceAddress, type ResourceName } from '../resources.ts';

export type Snippet = Connection;

const REVISION = '2026-07-28';
/** As the SDK names them; importing it for two words would put all of it into the build of the pages. */
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Verifier and challenge of RFC 7636, appendix B: good for a command to paste, for nothing else. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const CALLBACK = 'http://127.0.0.1:8765/callback';

const inDoubleQuotes = (text: string) => `"${text}"`;
const lines = (...parts: string[]) => parts.join(' \\\n  ');

function rpc(method: string, params: Record<string, unknown>): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: { ...params, _meta: META },
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
  const client = { client_name: 'curl', redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' };
  return [
    `CLIENT=$(${lines(
      `curl -s ${shellWord(`${base}/oauth/register`)}`,
      "-H 'Content-Type: application/json'",
      `-d ${shellWord(JSON.stringify(client))} | ${member('client_id')}`,
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
  const fixed = tenant.config['bearer.tokens'].length > 0 ? 'YOUR_TOKEN' : 'any-token-will-do';
  return [
    ...editorConnections({
      url: resourceAddress(tenant, resource),
      name: serverName(tenant.sandboxId, resource),
      token: resource === 'bearer' ? fixed : null,
      signIn: resource === 'mcp' || resource === 'oauth',
    }),
    ...curlSnippets(tenant, resource),
  ];
}
