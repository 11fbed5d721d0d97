/**
 * A command-line MCP client, built on the official SDK as its documentation shows: `node sdk-client.mjs URL`.
 *
 * It opens the user's browser, waits for the answer on a loopback port, and calls two tools, each twice. Nothing in it
 * is made for Authwalk; under `authwalk check` it does what `AUTHWALK_DO` asks for, if that is set.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';

const address = process.argv.at(-1);

/** Where the answer to the authorization request arrives. */
const listener = createServer();
listener.listen(0, '127.0.0.1');
await once(listener, 'listening');
const redirectUrl = `http://127.0.0.1:${listener.address().port}/callback`;

function openBrowser(url) {
  const command = process.env.BROWSER ?? (process.platform === 'darwin' ? 'open' : 'xdg-open');
  spawn(command, [url.href], { stdio: 'ignore', detached: true })
    .on('error', (error) => console.error(error.message))
    .unref();
}

/** The parameters of the next answer. */
async function nextAnswer() {
  const signal = AbortSignal.timeout(20_000);
  for (;;) {
    const [request, response] = await once(listener, 'request', { signal });
    const url = new URL(request.url, redirectUrl);
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end('You can close this window.');
    if (url.pathname === '/callback') return url.searchParams;
  }
}

const kept = {};
let state;
let answer;
const provider = {
  redirectUrl,
  clientMetadata: {
    client_name: 'SDK example',
    application_type: 'native',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  },
  state() {
    state = crypto.randomUUID();
    return state;
  },
  clientInformation: () =>
    kept.client ??
    (process.env.AUTHWALK_CLIENT_ID
      ? { client_id: process.env.AUTHWALK_CLIENT_ID, client_secret: process.env.AUTHWALK_CLIENT_SECRET }
      : undefined),
  saveClientInformation(client) {
    kept.client = client;
  },
  tokens: () => kept.tokens,
  saveTokens(tokens) {
    kept.tokens = tokens;
  },
  saveCodeVerifier(verifier) {
    kept.verifier = verifier;
  },
  codeVerifier: () => kept.verifier,
  saveDiscoveryState(discovery) {
    kept.discovery = discovery;
  },
  discoveryState: () => kept.discovery,
  invalidateCredentials(scope) {
    if (scope === 'all' || scope === 'client') delete kept.client;
    if (scope === 'all' || scope === 'tokens') delete kept.tokens;
    if (scope === 'all' || scope === 'verifier') delete kept.verifier;
    if (scope === 'all' || scope === 'discovery') delete kept.discovery;
  },
  redirectToAuthorization(url) {
    answer = nextAnswer();
    answer.catch(() => undefined);
    openBrowser(url);
  },
};

let transport;
let client;

/** Runs something; signs the user in and runs it again if that is what it takes. */
async function signedIn(work) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || attempt > 2) throw error;
      const parameters = await answer;
      if (parameters.get('state') !== state) throw new Error('The answer is not for this request.', { cause: error });
      await transport.finishAuth(parameters);
    }
  }
}

async function connect() {
  await signedIn(async () => {
    transport = new StreamableHTTPClientTransport(new URL(address), { authProvider: provider });
    client = new Client({ name: 'sdk-example', version: '1.0.0' });
    await client.connect(transport);
  });
}

const call = (name) => signedIn(() => client.callTool({ name, arguments: name === 'echo' ? { text: 'hello' } : {} }));

const usual = ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }];
const steps = process.env.AUTHWALK_DO ? JSON.parse(process.env.AUTHWALK_DO) : usual;

/** Does one step of the list; `again` repeats the one before. */
async function perform(step, last) {
  if (step === 'connect' || step === 'reconnect') return connect();
  if (step === 'list') return signedIn(() => client.listTools());
  if (step === 'again') return perform(last);
  if (step.call) return call(step.call);
  if (step.wait) return wait(step.wait * 1000);
}

let last;
let status = 0;
for (const step of steps) {
  try {
    await perform(step, last);
  } catch (error) {
    console.error(`${JSON.stringify(step)}: ${error.message}`);
    status = 1;
    if (step === 'connect') break;
  }
  if (step !== 'again') last = step;
}
await client?.close().catch(() => undefined);
listener.closeAllConnections();
listener.close();
process.exit(status);
