/**
 * A small MCP server that takes tokens of an OAuth authorization server: it says what it is, refuses with a pointer,
 * and checks signature, issuer, audience, expiry and scope. It knows nothing of Authwalk.
 *
 *     ISSUER=http://localhost:3000 PORT=8080 node examples/own-server/server.mjs
 */
import { createServer } from 'node:http';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

const issuer = process.env.ISSUER ?? 'http://localhost:3000';
const port = Number(process.env.PORT ?? 8080);
const resource = process.env.RESOURCE ?? `http://localhost:${port}/mcp`;

/** Where the document about this server is: the well-known part goes between host and path. */
const documentPath = `/.well-known/oauth-protected-resource${new URL(resource).pathname}`;
const documentUrl = new URL(documentPath, resource).href;

/** The keys of the issuer, fetched when the first token comes, and again for a key that is not known. */
let keys = null;
async function keysOfIssuer() {
  if (keys !== null) return keys;
  const { origin, pathname } = new URL(issuer);
  const path = pathname === '/' ? '' : pathname;
  const response = await fetch(`${origin}/.well-known/oauth-authorization-server${path}`);
  const metadata = await response.json();
  if (metadata.issuer !== issuer) throw new Error(`The metadata is of ${metadata.issuer}, not of ${issuer}.`);
  keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
  return keys;
}

/** What pages of other origins may read. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, MCP-Protocol-Version, Mcp-Method, Mcp-Name',
  'Access-Control-Expose-Headers': 'WWW-Authenticate',
};

/** A refusal that says where tokens come from. */
function challenge(status, parameters = {}) {
  const all = { ...parameters, resource_metadata: documentUrl };
  const value = Object.entries(all).map(([name, text]) => `${name}="${text}"`);
  return Response.json(parameters, { status, headers: { 'WWW-Authenticate': `Bearer ${value.join(', ')}` } });
}

/** @returns the claims of the token, or the refusal */
async function admit(request) {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined) return challenge(401);
  try {
    const options = { issuer, audience: resource, typ: 'at+jwt', algorithms: ['RS256', 'ES256'] };
    const { payload } = await jwtVerify(token, await keysOfIssuer(), options);
    const scopes = String(payload.scope ?? '').split(' ');
    return scopes.includes('notes:read')
      ? payload
      : challenge(403, { error: 'insufficient_scope', scope: 'notes:read' });
  } catch (error) {
    console.error(`Refused: ${error.message}`);
    return challenge(401, { error: 'invalid_token', error_description: 'The token is not good here.' });
  }
}

function notesServer() {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  const description = 'Lists the notes.';
  server.registerTool('notes_list', { title: 'List notes', description, inputSchema: z.object({}) }, () => ({
    content: [{ type: 'text', text: 'Buy milk.' }],
  }));
  return server;
}

async function answer(request) {
  const { pathname } = new URL(request.url);
  if (request.method === 'OPTIONS') return new Response(null, { status: 204 });
  if (pathname === documentPath)
    return Response.json({ resource, authorization_servers: [issuer], scopes_supported: ['notes:read'] });
  if (pathname !== new URL(resource).pathname) return new Response(null, { status: 404 });
  const admitted = await admit(request);
  if (admitted instanceof Response) return admitted;
  return createMcpHandler(notesServer).fetch(request, {
    authInfo: { token: '', clientId: String(admitted.client_id), scopes: String(admitted.scope).split(' ') },
  });
}

const MOST_BYTES = 100_000;

async function bodyOf(incoming) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('The body is too long.');
    chunks.push(chunk);
  }
  return chunks.length === 0 ? undefined : Buffer.concat(chunks);
}

const listener = createServer(async (incoming, outgoing) => {
  try {
    const { method, headers, url } = incoming;
    const request = new Request(new URL(url, resource), { method, headers, body: await bodyOf(incoming) });
    const response = await answer(request);
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...CORS });
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    console.error(error.message);
    outgoing.writeHead(400, CORS).end();
  }
});
listener.listen(port, '127.0.0.1', () => console.log(`${resource} takes tokens of ${issuer}.`));
