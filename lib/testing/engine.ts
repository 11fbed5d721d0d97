/**
 * The engine without a socket, for tests: one issuer over a store in memory, a clock that is moved by
 * hand, and requests that go straight to a handler.
 */
import { randomBytes } from 'node:crypto';
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { Context, ParsedBody, Tenant, Trace, TraceFacts } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { scryptHasher } from '#lib/oauth/users/passwords.ts';
import type { Check } from '#lib/exchange/types.ts';
import { type ConfigOverrides, resolveConfig } from '#lib/config/config.ts';
import type { ClientRecord, Store } from '#lib/store/store.ts';
import { openStore } from '#lib/store/open.ts';

export { pkce } from './client.ts';

export const ORIGIN = 'http://localhost:3000';

export interface EngineOptions {
  readonly config?: ConfigOverrides;
  readonly origin?: string;
  /** `default` at the root; anything else lives at `/s/{id}`. */
  readonly sandboxId?: string;
  readonly isPublic?: boolean;
  readonly controlToken?: string;
  readonly fetch?: GuardedFetch;
}

export interface Call {
  readonly method?: string;
  /** Path below `{base}`, or a whole address. */
  readonly path?: string;
  readonly query?: Params;
  readonly form?: Params;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A browser, which keeps its cookie. */
  readonly browser?: Browser;
  readonly params?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
}

export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;
export interface Browser {
  id: string | null;
}
export type Handler = (ctx: Context, params: Record<string, string>) => Promise<Response> | Response;

/** An engine under test. */
export interface Engine {
  readonly tenant: Tenant;
  readonly store: Store;
  /** Moves the sandbox's clock. */
  advance(seconds: number): void;
  /** Changes knobs. */
  configure(config: ConfigOverrides): void;
  context(call: Call): Context;
  call(handler: Handler, call?: Call): Promise<Response>;
  /** What the server noted of the last call. */
  readonly trace: Trace;
  /** Registers a client without going through the endpoint. */
  client(change?: Partial<ClientRecord['metadata']>, rest?: Partial<ClientRecord>): Promise<ClientRecord>;
  close(): Promise<void>;
}

/** Query or form from an object; a list is a parameter that comes several times. */
export function searchParams(params: Params): URLSearchParams {
  return new URLSearchParams(
    Object.entries(params).flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((one) => [name, one as string]),
    ),
  );
}

/** Opens an engine; close it after the test. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { origin = ORIGIN, sandboxId = 'default' } = options;
  const store = await openStore(':memory:');
  const base = sandboxId === 'default' ? origin : `${origin}/s/${sandboxId}`;
  let now = Date.UTC(2026, 10, 21, 12);
  let config = resolveConfig(options.config ?? {});
  let last: Trace = newTrace();
  const secret = randomBytes(32).toString('base64url');
  await store.createSandbox({
    id: sandboxId,
    config: {},
    scenario: null,
    controlTokenHash: options.controlToken ? sha256(options.controlToken) : null,
    secret,
    clock: { offset: 0, frozenAt: null },
    createdAt: now,
    lastUsedAt: now,
    ttl: null,
    expiresAt: null,
    version: 1,
    staged: {},
    configChange: 0,
    epoch: 0,
  });
  const tenantFor = (label: 'as2' | 'idp' | null): Tenant => ({
    sandboxId,
    origin,
    base: label === null ? base : `${base}/${label}`,
    issuer: label === null ? base : `${base}/${label}`,
    get config() {
      return config;
    },
    store: store.tenant(label === null ? sandboxId : `${sandboxId}/${label}`),
    secret,
    controlTokenHash: options.controlToken ? sha256(options.controlToken) : null,
    isPublic: options.isPublic ?? false,
    now: () => now,
    random: (bytes) => randomBytes(bytes).toString('base64url'),
    passwords: scryptHasher(),
    fetch:
      options.fetch ??
      (async () => {
        throw new Error('nothing is fetched in this test');
      }),
    further: (further) => (config.issuers.includes(further) ? tenantFor(further) : null),
  });
  const tenant = tenantFor(null);

  const context = (call: Call): Context => {
    const { path = '/', query, form, json, headers, browser = { id: null } } = call;
    const url = new URL(path.startsWith('http') ? path : base + path);
    for (const [name, value] of searchParams(query ?? {})) url.searchParams.append(name, value);
    const body: ParsedBody = form
      ? { text: searchParams(form).toString(), form: searchParams(form) }
      : json === undefined
        ? { text: '' }
        : { text: JSON.stringify(json), json };
    const type = form ? 'application/x-www-form-urlencoded' : json === undefined ? null : 'application/json';
    const method = call.method ?? (type ? 'POST' : 'GET');
    last = newTrace();
    return {
      tenant,
      body,
      trace: last,
      remoteAddress: call.remoteAddress ?? '127.0.0.1',
      request: new Request(url, { method, headers: { ...(type ? { 'content-type': type } : {}), ...headers } }),
      browser: {
        get id() {
          return browser.id;
        },
        ensure() {
          return browser.id ?? this.renew();
        },
        renew() {
          browser.id = randomBytes(32).toString('base64url');
          return browser.id;
        },
      },
    };
  };

  return {
    tenant,
    store,
    context,
    get trace() {
      return last;
    },
    advance(seconds) {
      now += seconds * 1000;
    },
    configure(overrides) {
      config = resolveConfig(overrides);
    },
    async call(handler, call = {}) {
      return handler(context(call), { ...call.params });
    },
    async client(change = {}, rest = {}) {
      const record: ClientRecord = {
        clientId: `c_${randomBytes(8).toString('base64url')}`,
        source: 'dynamic',
        metadata: {
          redirect_uris: ['https://client.example.com/callback'],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'none',
          client_name: 'Fieldnotes',
          application_type: 'web',
          ...change,
        },
        authMethods: ['none'],
        secretHash: null,
        secretExpiresAt: 0,
        registrationTokenHash: null,
        createdAt: now,
        ...rest,
      };
      await tenant.store.createClient(record);
      return record;
    },
    close: () => store.close(),
  };
}

function newTrace(): Trace {
  const checks: Check[] = [];
  const facts: Partial<TraceFacts> = {};
  return {
    checks,
    facts,
    check: (entry) => {
      checks.push(entry);
    },
    set: (known) => {
      Object.assign(facts, known);
    },
  };
}
