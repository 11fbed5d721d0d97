/**
 * For tests that ask the whole application from outside, as a stranger would, without a socket: one server a file, one
 * sandbox a test.
 *
 * What drives a sandbox is the kit's ({@link TestSandbox.kit}). Beside it stands what the kit does not do: it plays no
 * client, and here each parameter of a client's request is the test's to choose and each answer is looked at, those of
 * the control API, too; and it takes no variables of the environment, and shows no engine from inside.
 */
import { basic, pkce, s256 } from '#lib/testing/client.ts';
import { expect } from 'vitest';
import type { Sandbox } from 'authwalk/testing';
import { createSandbox } from '../../kit/testing/sandbox.ts';
import { type TestServer, testServer } from '#lib/server/testing.ts';

export { basic, pkce, s256 };

export const ORIGIN = 'http://localhost:3000';
/** Where the clients of these tests have their answers sent. Nothing listens there. */
export const CALLBACK = 'https://client.example/callback';

type Headers_ = Readonly<Record<string, string>>;
/** A form: repeated names as pairs. */
export type Form = Readonly<Record<string, string | undefined>> | readonly (readonly [string, string])[] | string;

// biome-ignore lint/suspicious/noExplicitAny: the bodies of answers are what these tests look at.
export type Json = any;

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** A registered client, with its secrets. */
export interface TestClient {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
  readonly [member: string]: Json;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly [member: string]: Json;
}

export const basicOf = (client: TestClient) => ({ authorization: basic(client.client_id, client.client_secret!) });
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export function encodeForm(form: Form): string {
  if (typeof form === 'string') return form;
  const pairs = Array.isArray(form)
    ? (form as readonly [string, string][])
    : Object.entries(form as Record<string, string | undefined>).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
  return new URLSearchParams(pairs.map(([name, value]) => [name, value] as [string, string])).toString();
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
}

export interface Instance {
  readonly server: TestServer & { readonly logged: string[] };
  /** As `fetch`; redirects are not followed. */
  fetch(request: Request): Promise<Response>;
  /** Asks an address, absolute or below {@link ORIGIN}. */
  ask(address: string, init?: RequestInit & { readonly host?: string }): Promise<Answer>;
  sandbox(config?: Record<string, unknown>, seed?: Record<string, unknown>): Promise<TestSandbox>;
  close(): Promise<void>;
}

/** A server of the test's own, in memory. @param env variables of the contract */
export async function openInstance(env: Headers_ = {}): Promise<Instance> {
  const server = await testServer({ AUTHWALK_RATE_LIMITS: 'off', ...env });
  const origin = env.PUBLIC_URL ?? ORIGIN;
  const ids: string[] = [];
  const instance: Instance = {
    server,
    fetch: (request) => {
      const headers = new Headers(request.headers);
      headers.set('host', new URL(request.url).host);
      return Promise.resolve(server.container.app.fetch(new Request(request, { headers, redirect: 'manual' }), {}));
    },
    ask: async (address, init = {}) => {
      const path =
        address.startsWith('/') || address === ''
          ? address
          : address.slice(address.indexOf('/', address.indexOf('//') + 2));
      const host =
        address.includes('://') && !address.startsWith('/')
          ? address.slice(address.indexOf('//') + 2).split('/')[0]!
          : undefined;
      return read(await server.ask(path, { ...(host === undefined ? {} : { host }), ...init }));
    },
    async sandbox(config = {}, seed) {
      const made = await instance.ask(`${origin}/api/sandboxes`, json('POST', { config, ...(seed ? { seed } : {}) }));
      if (made.status !== 201) throw new Error(`POST /api/sandboxes: ${made.status} ${made.text}`);
      ids.push(made.body.id);
      return new TestSandbox(instance, made.body);
    },
    async close() {
      const unexplained = await unexplainedRefusals(server, ids);
      await server.close();
      expect(unexplained, 'refusals without a reason, a clause or a failed check at the end').toEqual([]);
    },
  };
  return instance;
}

/** Every answer of 400 and above says in the record why: by reason, clause, and its failed check as the last one. */
async function unexplainedRefusals({ container }: TestServer, ids: readonly string[]): Promise<string[]> {
  const recorded = await Promise.all(ids.map((id) => container.recorder.list(id, { after: 0, limit: 500 })));
  return recorded
    .flat()
    .filter(({ response }) => (response?.status ?? 0) >= 400)
    .filter(({ reason, clause, between }) => reason === null || clause === null || between.at(-1)?.ok !== false)
    .map(({ seq, endpoint, request, response, reason }) =>
      [seq, endpoint, request.method, request.url, response!.status, reason, response!.body].join(' '),
    );
}

export function json(method: string, body: unknown, headers: Headers_ = {}): RequestInit {
  return {
    method,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
}

export function form(body: Form, headers: Headers_ = {}): RequestInit {
  return {
    method: 'POST',
    body: encodeForm(body),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  };
}

/** A sandbox of the test's own, and what a client does there. */
export class TestSandbox {
  readonly instance: Instance;
  readonly made: Json;
  readonly id: string;
  readonly issuer: string;
  readonly origin: string;
  /** The same sandbox as users of `authwalk/testing` have it. */
  readonly kit: Sandbox;
  #api: TestClient | null = null;

  constructor(instance: Instance, made: Json) {
    this.instance = instance;
    this.made = made;
    this.id = made.id;
    this.issuer = made.issuer;
    this.origin = new URL(made.issuer).origin;
    const fetch = (input: string | URL | Request, init?: RequestInit) => instance.fetch(new Request(input, init));
    this.kit = createSandbox(fetch, this.origin, made, made.control_token, false);
  }

  get mcp(): string {
    return `${this.issuer}/mcp`;
  }

  /** Asks below the issuer. */
  ask(path: string, init: RequestInit = {}): Promise<Answer> {
    return this.instance.ask(this.issuer + path, init);
  }
  get(path: string, headers: Headers_ = {}): Promise<Answer> {
    return this.ask(path, { headers });
  }
  post(path: string, body: Form, headers: Headers_ = {}): Promise<Answer> {
    return this.ask(path, form(body, headers));
  }
  json(method: string, path: string, body: unknown, headers: Headers_ = {}): Promise<Answer> {
    return this.ask(path, json(method, body, headers));
  }

  /** The control API of this sandbox. */
  control(method: string, path = '', body?: unknown): Promise<Answer> {
    const headers = bearer(this.made.control_token);
    return this.instance.ask(
      `${this.origin}/api/sandboxes/${this.id}${path}`,
      body === undefined ? { method, headers } : json(method, body, headers),
    );
  }

  /** Moves the clock on, in seconds. */
  async advance(seconds: number): Promise<void> {
    await this.kit.clock.advance(seconds);
  }

  async configure(config: Record<string, unknown>): Promise<void> {
    await this.kit.configure(config);
  }

  /** Seconds since the epoch, by the sandbox's clock. */
  async now(): Promise<number> {
    return Math.floor((await this.kit.clock.now()).getTime() / 1000);
  }

  /** Registers a client: a public one, unless the metadata says otherwise. */
  async register(metadata: Record<string, unknown> = {}): Promise<TestClient> {
    const made = await this.json('POST', '/oauth/register', {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'web',
      ...metadata,
    });
    if (made.status !== 201) throw new Error(`register: ${made.status} ${made.text}`);
    return made.body;
  }

  confidential(metadata: Record<string, unknown> = {}): Promise<TestClient> {
    return this.register({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      ...metadata,
    });
  }

  /** An authorization request as a URL, with whatever is given over its defaults; undefined leaves a parameter out. */
  authorizeUrl(
    client: TestClient | string,
    parameters: Readonly<Record<string, string | undefined>> | readonly (readonly [string, string])[] = {},
  ): string {
    const client_id = typeof client === 'string' ? client : client.client_id;
    if (Array.isArray(parameters))
      return `${this.issuer}/oauth/authorize?${encodeForm(parameters as readonly (readonly [string, string])[])}`;
    return `${this.issuer}/oauth/authorize?${encodeForm({
      client_id,
      response_type: 'code',
      code_challenge: s256('v'.repeat(43)),
      code_challenge_method: 'S256',
      ...(parameters as Record<string, string | undefined>),
    })}`;
  }

  authorize(
    client: TestClient | string,
    parameters: Readonly<Record<string, string | undefined>> | readonly (readonly [string, string])[] = {},
    headers: Headers_ = {},
  ): Promise<Answer> {
    return this.instance.ask(this.authorizeUrl(client, parameters), { headers });
  }

  /** An authorization that answers at once. @returns the parameters of the redirect */
  async answerOf(
    client: TestClient | string,
    parameters: Readonly<Record<string, string | undefined>> = {},
    headers: Headers_ = {},
  ): Promise<URLSearchParams> {
    const answer = await this.authorize(client, { auto_approve: 'true', ...parameters }, headers);
    const location = answer.headers.get('location');
    if (answer.status !== 302 || location === null || location.includes('/consent/'))
      throw new Error(`authorize: ${answer.status} ${location} ${answer.text}`);
    return new URL(location).searchParams;
  }

  /** A code, approved without a page, with the verifier that redeems it. */
  async code(
    client: TestClient | string,
    parameters: Readonly<Record<string, string | undefined>> = {},
    headers: Headers_ = {},
  ): Promise<{ code: string; code_verifier: string }> {
    const { verifier, challenge } = pkce();
    const answer = await this.answerOf(client, { code_challenge: challenge, ...parameters }, headers);
    const code = answer.get('code');
    if (code === null) throw new Error(`no code: ${answer}`);
    return { code, code_verifier: verifier };
  }

  token(body: Form, headers: Headers_ = {}): Promise<Answer> {
    return this.post('/oauth/token', body, headers);
  }

  redeem(
    client: TestClient,
    code: { code: string; code_verifier?: string },
    more: Readonly<Record<string, string | undefined>> = {},
    headers: Headers_ = {},
  ): Promise<Answer> {
    const secret = client.client_secret === undefined ? {} : basicOf(client);
    return this.token(
      {
        grant_type: 'authorization_code',
        ...(client.client_secret === undefined ? { client_id: client.client_id } : {}),
        ...code,
        ...more,
      },
      { ...secret, ...headers },
    );
  }

  /** Tokens, by an authorization that is approved without a page. */
  async tokens(client: TestClient, parameters: Readonly<Record<string, string | undefined>> = {}): Promise<Tokens> {
    const answer = await this.redeem(client, await this.code(client, parameters));
    if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  refresh(
    client: TestClient,
    refresh_token: string,
    more: Readonly<Record<string, string | undefined>> = {},
    headers: Headers_ = {},
  ): Promise<Answer> {
    const secret = client.client_secret === undefined ? {} : basicOf(client);
    return this.token(
      {
        grant_type: 'refresh_token',
        ...(client.client_secret === undefined ? { client_id: client.client_id } : {}),
        refresh_token,
        ...more,
      },
      { ...secret, ...headers },
    );
  }

  /** What a resource server is told of a token, or a client that asks itself. */
  async introspect(token: string, by?: TestClient): Promise<Json> {
    this.#api ??= await this.confidential({ redirect_uris: [], grant_types: ['client_credentials'] });
    const answer = await this.post('/oauth/introspect', { token }, basicOf(by ?? this.#api));
    if (answer.status !== 200) throw new Error(`introspect: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  async alive(token: string): Promise<boolean> {
    return (await this.introspect(token)).active;
  }

  /** Calls a tool of the MCP server as a client of 2026-07-28 does. */
  call(
    token: string | null,
    tool = 'notes_list',
    args: Record<string, unknown> = {},
    more: { readonly path?: string; readonly headers?: Headers_ } = {},
  ): Promise<Answer> {
    return this.ask(
      more.path ?? '/mcp',
      json(
        'POST',
        {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: {
            name: tool,
            arguments: args,
            _meta: {
              'io.modelcontextprotocol/protocolVersion': '2026-07-28',
              'io.modelcontextprotocol/clientCapabilities': {},
            },
          },
        },
        {
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': tool,
          ...(token === null ? {} : bearer(token)),
          ...more.headers,
        },
      ),
    );
  }
}

/** A visit to the consent page: its id, and the cookie of the browser that it was made for. */
export interface Visit {
  readonly interaction: string;
  /** What the browser holds now: `decide` keeps what the answer sets, as a browser does. */
  cookie: string;
  readonly verifier: string;
}

/** A browser comes with an authorization request, and is sent to the consent page. */
export async function visit(
  sandbox: TestSandbox,
  client: TestClient | string,
  parameters: Readonly<Record<string, string | undefined>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Visit> {
  const { verifier, challenge } = pkce();
  const answer = await sandbox.authorize(
    client,
    { code_challenge: challenge, ...parameters },
    { accept: 'text/html', ...headers },
  );
  const interaction = /\/consent\/([^/?#]+)$/.exec(answer.headers.get('location') ?? '')?.[1];
  if (interaction === undefined)
    throw new Error(`no consent: ${answer.status} ${answer.headers.get('location')} ${answer.text}`);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? headers.cookie ?? '';
  return { interaction, cookie, verifier };
}

/** What a browser sends along with a form of this very site. */
export const sameSite = (sandbox: TestSandbox, cookie?: string) => ({
  origin: sandbox.origin,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  accept: 'text/html',
  ...(cookie === undefined ? {} : { cookie }),
});

/** The answer to the consent page, as the browser sends it; the browser keeps the cookie that comes back. */
export async function decide(
  sandbox: TestSandbox,
  open: Pick<Visit, 'interaction' | 'cookie'>,
  fields: Form = { action: 'auto' },
  headers?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const pairs: [string, string][] = [['interaction', open.interaction], ...new URLSearchParams(encodeForm(fields))];
  const answer = await sandbox.post('/oauth/authorize', pairs, headers ?? sameSite(sandbox, open.cookie));
  open.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? open.cookie;
  return answer;
}

/** The checks of the latest recorded exchange. */
export async function checksOf(place: TestSandbox): Promise<readonly Record<string, unknown>[]> {
  const { body } = await place.control('GET', '/exchanges?limit=500');
  return body.exchanges.at(-1).between;
}
