/**
 * A whole flow without a page, step by step: registration, authorization, token, a call of the MCP server, a refresh.
 * Beside it oidc-provider with its own interaction finished in process. Each step is taken by many clients before the
 * next, so that the processor time of each can be told.
 */
import { createHash, randomBytes } from 'node:crypto';

/** Sends a request: over a socket, or straight to the application. Redirects are not followed. */
export type Send = (url: string, init?: RequestInit) => Promise<Response>;

/** The server, and where its endpoints are. */
export interface FlowServer {
  readonly authorize: string;
  readonly token: string;
  readonly register: string;
  /** null: it has no MCP server. */
  readonly mcp: string | null;
  readonly scope: string;
  /** Parameters of the authorization request by which nobody is asked. */
  readonly more: Readonly<Record<string, string>>;
}

export const STEPS = ['registration', 'authorization', 'token', 'MCP call', 'refresh'] as const;
export type StepName = (typeof STEPS)[number];

const REDIRECT = 'http://127.0.0.1:4711/callback';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** One client on its way. */
export class Walker {
  readonly #server: FlowServer;
  readonly #send: Send;
  readonly #verifier = randomBytes(32).toString('base64url');
  #clientId = '';
  #code = '';
  #tokens: { readonly access_token: string; readonly refresh_token: string } | null = null;

  constructor(server: FlowServer, send: Send) {
    this.#server = server;
    this.#send = send;
  }

  async take(step: StepName): Promise<void> {
    if (step === 'registration') await this.#register();
    else if (step === 'authorization') await this.#authorize();
    else if (step === 'MCP call') await this.#call();
    else await this.#redeem(step);
  }

  async #register(): Promise<void> {
    const answer = await this.#send(this.#server.register, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'bench',
        application_type: 'native',
        redirect_uris: [REDIRECT],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        scope: this.#server.scope,
      }),
    });
    this.#clientId = (await jsonOf(answer, 201)).client_id as string;
  }

  /** Follows the redirects of the server to its own pages, with its cookies, as a browser does. */
  async #authorize(): Promise<void> {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#clientId,
      redirect_uri: REDIRECT,
      scope: this.#server.scope,
      state: 'bench',
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...this.#server.more,
    });
    const cookies = new Map<string, string>();
    let next = `${this.#server.authorize}?${query}`;
    for (let hop = 0; hop < 5; hop += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await this.#send(next, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
      await answer.arrayBuffer();
      for (const set of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (name !== undefined) cookies.set(name, value!);
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`The authorization ended with ${answer.status} and no redirect.`);
      const to = new URL(location, next);
      const code = to.searchParams.get('code');
      if (code !== null) {
        this.#code = code;
        return;
      }
      if (to.href.startsWith(REDIRECT)) throw new Error(`The authorization was refused: ${to.search}`);
      next = to.href;
    }
    throw new Error('The authorization did not end.');
  }

  async #redeem(step: 'token' | 'refresh'): Promise<void> {
    const body: Record<string, string> =
      step === 'token'
        ? { grant_type: 'authorization_code', code: this.#code, redirect_uri: REDIRECT, code_verifier: this.#verifier }
        : { grant_type: 'refresh_token', refresh_token: this.#tokens!.refresh_token };
    const answer = await this.#send(this.#server.token, {
      method: 'POST',
      headers: FORM,
      body: new URLSearchParams({ ...body, client_id: this.#clientId }).toString(),
    });
    this.#tokens = (await jsonOf(answer, 200)) as { access_token: string; refresh_token: string };
  }

  async #call(): Promise<void> {
    const answer = await this.#send(this.#server.mcp!, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${this.#tokens!.access_token}`,
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'notes_list',
      },
      body: CALL,
    });
    const text = await answer.text();
    if (answer.status !== 200 || text.includes('"error"')) throw new Error(`The call: ${answer.status} ${text}`);
  }
}

const CALL = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'notes_list',
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

async function jsonOf(answer: Response, status: number): Promise<Record<string, unknown>> {
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${answer.status} for ${status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/**
 * Has many walkers take one step.
 * @param connections that work side by side
 */
export async function takeAll(walkers: readonly Walker[], step: StepName, connections: number): Promise<void> {
  const waiting = walkers.values();
  const work = async (): Promise<void> => {
    for (const walker of waiting) await walker.take(step);
  };
  await Promise.all(Array.from({ length: connections }, work));
}
