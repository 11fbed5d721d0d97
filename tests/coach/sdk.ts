/** The MCP SDK's own clients, unmodified, with an application that keeps what they give it in memory. */
import { Client as NewClient, StreamableHTTPClientTransport as NewTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Instance, Json } from '../lib/sandbox.ts';
import type { Travel } from './time.ts';

const REDIRECT = 'http://127.0.0.1:8765/callback';

/** `fetch`, answered by the server under test without a socket. */
export function inProcess(instance: Instance, time: Travel, agent: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    time.sleep(4);
    const body = request.method === 'GET' || request.method === 'HEAD' ? {} : { body: await request.text() };
    const headers = Object.fromEntries(request.headers);
    const response = await instance.server.ask(`${url.pathname}${url.search}`, {
      method: request.method,
      host: url.host,
      headers: { 'user-agent': agent, ...headers },
      ...body,
    });
    time.sleep(4);
    return response;
  };
}

/** What an application keeps for the SDK. */
export class Application {
  readonly redirectUrl = REDIRECT;
  readonly clientMetadata: Json;
  readonly kept: Record<string, Json> = {};
  readonly fetch: typeof fetch;
  /** Where the browser came back to. */
  answer: URL | null = null;

  constructor(fetcher: typeof fetch, name: string) {
    this.fetch = fetcher;
    this.clientMetadata = {
      client_name: name,
      redirect_uris: [REDIRECT],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    };
  }
  state() {
    this.kept.state = crypto.randomUUID();
    return this.kept.state;
  }
  clientInformation() {
    return this.kept.client;
  }
  saveClientInformation(client: Json) {
    this.kept.client = client;
  }
  tokens() {
    return this.kept.tokens;
  }
  saveTokens(tokens: Json) {
    this.kept.tokens = tokens;
  }
  saveCodeVerifier(verifier: string) {
    this.kept.verifier = verifier;
  }
  codeVerifier() {
    return this.kept.verifier;
  }
  saveDiscoveryState(state: Json) {
    this.kept.discovery = state;
  }
  discoveryState() {
    return this.kept.discovery;
  }
  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') {
    for (const name of scope === 'all' ? ['client', 'tokens', 'verifier', 'discovery'] : [scope])
      delete this.kept[name];
  }
  async redirectToAuthorization(url: URL) {
    this.answer = null;
    if (url.protocol !== 'http:') return;
    const response = await this.fetch(url, {
      redirect: 'manual',
      headers: { 'user-agent': 'browser/1', accept: 'text/html', 'sec-fetch-mode': 'navigate' },
    });
    const location = response.headers.get('location');
    if (location?.startsWith(REDIRECT)) this.answer = new URL(location);
  }
}

export interface SdkClient {
  readonly name: string;
  readonly revision: string;
  /**
   * Takes a client through connecting and then these steps, `list` or a tool each, as far as it comes.
   * @param pin the one revision that it speaks, if it can choose
   */
  drive(instance: Instance, made: Json, time: Travel, steps?: readonly string[], pin?: string): Promise<string[]>;
}

interface Transport {
  finishAuth(answer: Json): Promise<void>;
}

async function driven(
  application: Application,
  make: () => {
    connect: () => Promise<unknown>;
    transport: Transport;
    list: () => Promise<unknown>;
    call: (tool: string) => Promise<unknown>;
    close: () => Promise<void>;
  },
  finish: (transport: Transport, answer: URL) => Promise<void>,
  time: Travel,
  steps: readonly string[] = ['list', 'whoami', 'notes_list', 'whoami', 'notes_add'],
): Promise<string[]> {
  const log: string[] = [];
  let session = make();
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
    application.answer = null;
    try {
      await act();
      log.push(`${what}: ok`);
      return true;
    } catch (error) {
      log.push(`${what}: ${(error as Error).message.slice(0, 120)}`);
      return false;
    }
  };
  /** As an application does: what needs the user is finished with what the browser brings, and tried once more. */
  const carried = async (what: string, act: () => Promise<unknown>): Promise<boolean> => {
    if (await attempt(what, act)) return true;
    for (let i = 0; i < 2 && application.answer !== null; i += 1) {
      const { answer } = application as { answer: URL };
      if (answer.searchParams.get('state') !== application.kept.state) {
        log.push('state differs');
        return false;
      }
      if (!(await attempt('finish', () => finish(session.transport, answer)))) return false;
      session = make();
      if (!(await attempt('connect', () => session.connect())) && application.answer === null) return false;
      if (await attempt(what, act)) return true;
    }
    return false;
  };
  await carried('connect', async () => {
    await session.connect();
  });
  for (const step of steps) {
    time.sleep(30_000);
    const done = await carried(step, () => (step === 'list' ? session.list() : session.call(step)));
    if (!done && log.length > 40) break;
  }
  await session.close().catch(() => undefined);
  return log;
}

const silent = {
  reconnectionOptions: {
    maxRetries: 0,
    initialReconnectionDelay: 1,
    maxReconnectionDelay: 1,
    reconnectionDelayGrowFactor: 1,
  },
};

/** It speaks 2025-11-25 unless it is told to ask. */
const versionNegotiation = (pin: string) => ({ versionNegotiation: { mode: { pin } } });

export const sdk2: SdkClient = {
  name: '@modelcontextprotocol/client 2',
  revision: '2026-07-28',
  async drive(instance, made, time, steps, pin) {
    const fetcher = inProcess(instance, time, 'node');
    const application = new Application(fetcher, 'SDK 2');
    return driven(
      application,
      () => {
        const client = new NewClient({ name: 'sdk-2', version: '1' }, pin === undefined ? {} : versionNegotiation(pin));
        const transport = new NewTransport(new URL(made.mcp.oauth), {
          authProvider: application as never,
          fetch: fetcher as never,
          ...silent,
        });
        return {
          connect: () => client.connect(transport),
          transport: transport as unknown as Transport,
          list: () => client.listTools(),
          call: (name) => client.callTool({ name, arguments: name === 'notes_add' ? { text: 'x' } : {} }),
          close: () => client.close(),
        };
      },
      (transport, answer) => transport.finishAuth(answer.searchParams),
      time,
      steps,
    );
  },
};

export const sdk1: SdkClient = {
  name: '@modelcontextprotocol/sdk 1',
  revision: '2025-11-25',
  async drive(instance, made, time, steps) {
    const fetcher = inProcess(instance, time, 'node');
    const application = new Application(fetcher, 'SDK 1');
    return driven(
      application,
      () => {
        const client = new OldClient({ name: 'sdk-1', version: '1' });
        const transport = new OldTransport(new URL(made.mcp.oauth), {
          authProvider: application as never,
          fetch: fetcher as never,
          ...silent,
        });
        return {
          connect: () => client.connect(transport as never),
          transport: transport as unknown as Transport,
          list: () => client.listTools(),
          call: (name) => client.callTool({ name, arguments: name === 'notes_add' ? { text: 'x' } : {} }),
          close: () => client.close(),
        };
      },
      (transport, answer) => transport.finishAuth(answer.searchParams.get('code') ?? ''),
      time,
      steps,
    );
  },
};
