/**
 * An MCP client in a few lines: finds the authorization server by the refusal, registers, signs in, calls a tool. It
 * knows nothing of Authwalk.
 */
import { NotesClient } from './notes-client.js';

const REDIRECT_URI = 'http://127.0.0.1:8976/callback';

const read = async (address, init) => {
  const response = await fetch(address, init);
  if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
  return response.json();
};

/** @param {string} url the address of the MCP server */
async function connect(url) {
  const refused = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  const [, metadata] = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate')) ?? [];
  const { resource, authorization_servers: servers } = await read(metadata);
  const { origin, pathname } = new URL(servers[0]);
  const path = pathname === '/' ? '' : pathname;
  const { registration_endpoint } = await read(`${origin}/.well-known/oauth-authorization-server${path}`);
  const { client_id: clientId } = await read(registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      application_type: 'native',
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    }),
  });
  return NotesClient.connect({ issuer: servers[0], clientId, resource, redirectUri: REDIRECT_URI });
}

/** Signs in and calls a tool; a server that cannot be trusted is left alone. @param {string} url */
export async function runMyClient(url) {
  try {
    const client = await connect(url);
    await client.signIn();
    await client.call();
  } catch (error) {
    console.log(`The client gave up: ${error.message}`);
  }
}

// As a command, which `authwalk check -- node my-client.js` runs; the address is its last argument.
if (process.argv[1] === import.meta.filename) await runMyClient(process.argv.at(-1));
