/**
 * A client of MCP 2026-07-28 that does everything right, and whose behaviours can be broken one at a time by name. A
 * name is the id of the rule that has to notice it, with a suffix if there is more than one way to break it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { parseChallenges } from '#lib/exchange/challenges.ts';
import { type Answer, basic, encodeForm, type Instance, type Json } from '../lib/sandbox.ts';
import type { Travel } from './time.ts';

type Pairs = [string, string][];
const REDIRECT = 'http://127.0.0.1:8765/callback';
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

export interface ScriptedOptions {
  readonly breaks?: readonly string[];
  readonly revision?: string;
  /** In place of a registration. */
  readonly client?: {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly private_jwk?: JWK;
    readonly auth_method?: string;
  };
  /** Address of its metadata document, used if the server takes such. */
  readonly document?: string;
  /** What it asks for when it registers. */
  readonly method?: string;
  readonly dpop?: boolean;
  /** Whether it asks for offline_access. */
  readonly offline?: boolean;
  readonly agent?: string;
  /** Whether it follows a redirect of the resource metadata. */
  readonly follows?: boolean;
}

interface Tokens {
  access_token: string;
  refresh_token?: string;
  token_type: string;
  scope: readonly string[];
  resource: string;
}

interface Flow {
  readonly state: string;
  readonly verifier: string;
  readonly scope: readonly string[];
  readonly resource: string;
  readonly redirect: string;
  readonly url: string;
}

/** Why it stopped, as a good client tells its user. */
export class Stopped extends Error {}

export class Scripted {
  readonly instance: Instance;
  readonly made: Json;
  readonly time: Travel;
  readonly options: ScriptedOptions;
  readonly #breaks: ReadonlySet<string>;
  #revision: string;
  prm: Json = null;
  metadata: Json = null;
  issuer = '';
  client: Json = null;
  clients = new Map<string, Json>();
  tokens: Tokens | null = null;
  asked: readonly string[] = [];
  #key: { privateKey: CryptoKey; jwk: JWK } | null = null;
  #nonces = new Map<string, string>();
  #lastFlow: Flow | null = null;
  #attempts = 0;
  #refreshes = 0;
  #newKey = false;
  registerAs = 'Scripted';
  redirect = REDIRECT;
  grants: readonly string[] = ['authorization_code', 'refresh_token'];
  #jti: string | null = null;

  constructor(instance: Instance, made: Json, time: Travel, options: ScriptedOptions = {}) {
    this.instance = instance;
    this.made = made;
    this.time = time;
    this.options = options;
    this.#breaks = new Set(options.breaks);
    this.#revision = options.revision ?? '2026-07-28';
  }

  is(name: string): boolean {
    return this.#breaks.has(name);
  }

  get base(): string {
    return this.made.issuer.replace(/\/$/, '');
  }
  get mcp(): string {
    return this.made.mcp.oauth;
  }

  async ask(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Answer> {
    this.time.sleep(4);
    try {
      return await this.instance.ask(url, {
        ...init,
        headers: { 'user-agent': this.options.agent ?? 'scripted/1', ...init.headers },
      });
    } finally {
      this.time.sleep(4);
    }
  }

  /** Connects: is refused, discovers, gets an identifier and a token, and is let in. */
  async connect(): Promise<void> {
    const first = await this.rpc('tools/list');
    if (first.status === 401) await this.challenged(first);
  }

  /** What it does after a 401 without a token. */
  async challenged(refused: Answer): Promise<void> {
    if (this.is('discovery.responds-to-401')) {
      await this.rpc('tools/list');
      return;
    }
    await this.discover(refused);
    const again = await this.authorized(refused);
    if (again !== null) await this.after(again, 'tools/list', undefined);
  }

  /** From the metadata to a token, and the first call with it. */
  async authorized(refused: Answer): Promise<Answer | null> {
    await this.identify();
    await this.authorize(this.scopeFor(refused));
    if (this.is('resource.token-used') || this.is('token.variations-tolerated')) return null;
    return this.rpc('tools/list');
  }

  challengeOf(answer: Answer): Record<string, string> {
    const header = answer.headers.get('www-authenticate');
    return parseChallenges(header).find(({ scheme }) => /^(?:bearer|dpop)$/i.test(scheme))?.parameters ?? {};
  }

  async discover(refused: Answer): Promise<void> {
    if (this.is('discovery.prm-requested')) {
      this.prm = { resource: this.mcp, authorization_servers: [this.base], scopes_supported: [] };
    } else {
      const named = this.is('discovery.prm-address-from-challenge')
        ? undefined
        : this.challengeOf(refused).resource_metadata;
      const url = new URL(this.mcp);
      const query = this.is('discovery.prm-query-kept') ? '' : url.search;
      const known = `${url.origin}/.well-known/oauth-protected-resource${url.pathname}${query}`;
      if (named === undefined && this.is('discovery.prm-well-known-fallback'))
        this.prm = { resource: this.mcp, authorization_servers: [this.base] };
      else {
        let answer = await this.ask(named ?? known);
        if (answer.status === 302 && this.options.follows) answer = await this.ask(answer.headers.get('location')!);
        if (answer.status !== 200 && named === undefined && this.is('discovery.prm-address-from-challenge'))
          this.prm = { resource: this.mcp, authorization_servers: [this.base] };
        else if (answer.status !== 200) throw new Stopped('no resource metadata');
        else this.prm = answer.body;
      }
      if (new URL(this.prm.resource).host !== new URL(this.mcp).host && !this.is('discovery.prm-resource-validated'))
        throw new Stopped('metadata of another resource');
      if (Object.keys(this.prm).some((name) => name.startsWith('x_')) && this.is('discovery.unknown-members-ignored'))
        throw new Stopped('a member that it does not know');
    }
    await this.readIssuer(this.prm.authorization_servers[0]);
  }

  async readIssuer(issuer: string): Promise<void> {
    this.issuer = issuer;
    if (this.is('discovery.as-metadata-requested')) {
      this.metadata = this.guessedMetadata(issuer);
      return;
    }
    const url = new URL(issuer);
    const path = url.pathname.replace(/\/$/, '');
    const addresses = [
      `${url.origin}/.well-known/oauth-authorization-server${path}`,
      `${url.origin}/.well-known/openid-configuration${path}`,
      `${url.origin}${path}/.well-known/openid-configuration`,
    ];
    if (this.is('discovery.as-metadata-order')) addresses.shift();
    if (this.is('discovery.oidc-fallback')) addresses.splice(1);
    if (this.is('discovery.issuer-path-kept')) {
      const base = new URL(this.base);
      await this.ask(`${base.origin}/.well-known/oauth-authorization-server${base.pathname.replace(/\/$/, '')}`);
      this.time.sleep(2000);
    }
    for (const address of addresses) {
      let answer = await this.ask(
        address,
        this.#revision === '2025-03-26' && !this.is('discovery.protocol-version-2025-03-26')
          ? { headers: { 'mcp-protocol-version': this.#revision } }
          : {},
      );
      if (answer.status === 503) {
        if (!this.is('token.retry-after-heeded'))
          this.time.sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
        answer = await this.ask(address);
      }
      if (answer.status !== 200) continue;
      this.metadata = answer.body;
      break;
    }
    if (this.metadata === null && this.is('discovery.oidc-fallback')) this.metadata = this.guessedMetadata(issuer);
    if (this.metadata === null) throw new Stopped('no metadata');
    if (this.metadata.issuer !== issuer && !this.is('discovery.issuer-validated'))
      throw new Stopped('metadata of another issuer');
    if (
      this.metadata.authorization_endpoint !== undefined &&
      !this.metadata.code_challenge_methods_supported?.includes('S256') &&
      !this.is('discovery.pkce-support-checked')
    )
      throw new Stopped('no PKCE');
    if (this.is('discovery.endpoints-from-metadata'))
      await this.ask(`${this.base}/token`, {
        method: 'POST',
        body: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
  }

  guessedMetadata(issuer: string): Json {
    const base = issuer.replace(/\/$/, '');
    return {
      issuer,
      authorization_endpoint: `${base}/oauth/authorize`,
      token_endpoint: `${base}/oauth/token`,
      registration_endpoint: `${base}/oauth/register`,
      revocation_endpoint: `${base}/oauth/revoke`,
      device_authorization_endpoint: `${base}/oauth/device_authorization`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ['notes:read', 'notes:write', 'offline_access'],
    };
  }

  /** Gets an identifier: the one that it was given, a document, one that it has, or a registration. */
  async identify(): Promise<void> {
    const { document } = this.options;
    const takes = this.metadata.client_id_metadata_document_supported === true;
    if (
      document !== undefined &&
      (takes || this.is('registration.cimd-only-if-supported')) &&
      !this.is('registration.cimd-preferred')
    ) {
      this.client = { client_id: document, token_endpoint_auth_method: 'none' };
      return;
    }
    const given = this.options.client;
    if (given !== undefined) {
      this.client = { token_endpoint_auth_method: given.auth_method ?? 'none', ...given };
      return;
    }
    const known = this.clients.get(
      this.is('registration.bound-to-issuer') || this.is('registration.anew-at-new-issuer') ? 'any' : this.issuer,
    );
    if (known !== undefined && !this.is('registration.kept')) {
      this.client = known;
      return;
    }
    const body: Json = {
      client_name: this.registerAs,
      redirect_uris: [REDIRECT],
      grant_types: this.is('registration.refresh-grant-declared') ? ['authorization_code'] : this.grants,
      response_types: ['code'],
      token_endpoint_auth_method: this.options.method ?? 'none',
      application_type: this.is('registration.application-type-fits') ? 'web' : 'native',
    };
    if (this.is('registration.application-type')) delete body.application_type;
    if (this.is('security.redirect-uri-protected'))
      body.redirect_uris = [REDIRECT, 'http://elsewhere.example/callback'];
    if (this.is('security.redirect-uri-protected#private'))
      body.redirect_uris = [REDIRECT, 'com.example.app:/callback'];
    let answer = await this.register(body);
    if (answer.status === 400 && this.is('registration.refusal-heeded'))
      for (let i = 0; i < 4; i += 1) answer = await this.register(body);
    if (answer.status !== 201) throw new Stopped(`registration: ${answer.status}`);
    this.client = answer.body;
    if (this.is('registration.answer-used')) this.client.token_endpoint_auth_method = 'client_secret_post';
    this.clients.set(this.issuer, this.client);
    this.clients.set('any', this.clients.get('any') ?? this.client);
  }

  async register(body: Json): Promise<Answer> {
    const send = () =>
      this.ask(this.metadata.registration_endpoint, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    const answer = await send();
    if (answer.status !== 429) return answer;
    if (!this.is('token.retry-after-heeded')) this.time.sleep(Number(answer.headers.get('retry-after')) * 1000);
    return send();
  }

  /** Which scopes the first authorization asks for. */
  scopeFor(refused: Answer): readonly string[] {
    const challenge = this.challengeOf(refused).scope;
    const scope = challenge?.split(' ') ?? this.prm?.scopes_supported ?? [];
    if (this.is('authorize.scope-from-challenge') || this.is('authorize.scope-from-prm')) return scope.slice(1);
    if (this.is('authorize.scope-omitted')) return ['notes:read'];
    if (this.is('authorize.scope-minimal')) return [...scope, 'admin'];
    if (this.is('authorize.scope-separated')) return ['notes:read', 'notes:write'];
    const offline =
      this.metadata.scopes_supported?.includes('offline_access') || this.is('authorize.offline-access-listed');
    return (this.options.offline || this.is('authorize.offline-access-listed')) && offline
      ? [...scope, 'offline_access']
      : scope;
  }

  /** Builds an authorization request. */
  begin(scope: readonly string[]): Flow {
    const last = this.#lastFlow;
    const verifier =
      this.is('authorize.pkce-fresh') && last
        ? last.verifier
        : this.is('token.pkce-verifier-form')
          ? 'short'
          : randomBytes(32).toString('base64url');
    const state = this.is('authorize.state-fresh') && last ? last.state : randomBytes(16).toString('base64url');
    let challenge = digest(verifier);
    if (this.is('authorize.pkce-challenge-form')) challenge = createHash('sha256').update(verifier).digest('hex');
    const resource = this.resource();
    const redirect = this.is('authorize.redirect-uri-registered') ? 'http://127.0.0.1:8765/other' : this.redirect;
    const pairs: Pairs = [
      ['response_type', this.is('authorize.response-type-code') ? 'token' : 'code'],
      ['client_id', this.is('authorize.client-id-issued') ? 'made-up' : this.client.client_id],
      ['redirect_uri', redirect],
    ];
    if (!this.is('authorize.state-present')) pairs.push(['state', state]);
    if (scope.length > 0) pairs.push(['scope', scope.join(this.is('authorize.scope-separated') ? ',' : ' ')]);
    if (!this.is('authorize.pkce-challenge'))
      pairs.push(['code_challenge', this.is('authorize.pkce-s256') ? verifier : challenge]);
    if (!this.is('authorize.pkce-challenge') && !this.is('authorize.pkce-s256#missing'))
      pairs.push(['code_challenge_method', this.is('authorize.pkce-s256') ? 'plain' : 'S256']);
    if (!this.is('authorize.resource')) pairs.push(['resource', resource]);
    if (this.is('authorize.parameters-once')) pairs.push(['state', state]);
    if (this.is('security.secret-not-in-url')) pairs.push(['code_verifier', verifier]);
    const endpoint = this.metadata.authorization_endpoint;
    const flow: Flow = {
      state,
      verifier,
      scope,
      resource,
      redirect,
      url: `${endpoint}${endpoint.includes('?') ? '&' : '?'}${encodeForm(pairs)}`,
    };
    this.#lastFlow = flow;
    return flow;
  }

  resource(): string {
    const { resource } = this.prm ?? { resource: this.mcp };
    if (this.is('authorize.resource-exact')) return `${resource}/`;
    return this.is('authorize.resource-identifies-server') ? 'https://elsewhere.example/mcp' : resource;
  }

  /** The user's browser goes to the authorization endpoint; without a page, the answer comes at once. */
  async visit(flow: Flow): Promise<URLSearchParams> {
    const answer = await this.ask(flow.url, {
      headers: {
        'user-agent': 'browser/1',
        accept: 'text/html',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': 'cross-site',
      },
    });
    const location = answer.headers.get('location');
    if (location === null) throw new Stopped(`authorization: ${answer.status} ${answer.text.slice(0, 200)}`);
    return new URL(location).searchParams;
  }

  async authorize(scope: readonly string[]): Promise<void> {
    this.#attempts += 1;
    const flow = this.begin(scope);
    this.asked = scope;
    const answer = await this.visit(flow);
    await this.finish(flow, answer);
  }

  /** Looks at the answer of an authorization, and redeems the code. */
  async finish(flow: Flow, answer: URLSearchParams, verifier = flow.verifier): Promise<void> {
    if (answer.get('error') !== null) {
      if (this.is('authorize.denial-respected'))
        for (let i = 0; i < 3; i += 1) await this.visit(this.begin(flow.scope));
      throw new Stopped(`authorization: ${answer.get('error')}`);
    }
    if (
      answer.get('state') !== flow.state &&
      !this.is('authorize.state-verified') &&
      !this.is('authorize.state-present')
    )
      throw new Stopped('another state');
    const iss = answer.get('iss');
    const normalized = (text: string) => new URL(text).href.replace(/\/$/, '');
    if (iss !== null && iss !== this.metadata.issuer) {
      const excused =
        this.is('authorize.iss-validated') ||
        (this.is('authorize.iss-compared-as-string') && normalized(iss) === normalized(this.metadata.issuer));
      if (!excused) throw new Stopped('another issuer');
    }
    if (
      iss === null &&
      (this.metadata.authorization_response_iss_parameter_supported === true ||
        this.is('authorize.iss-optional-accepted')) &&
      !this.is('authorize.iss-required-when-advertised')
    )
      throw new Stopped('no iss');
    const code = answer.get('code');
    if (code === null && !this.is('token.code-present')) throw new Stopped('no code');
    if (this.is('never')) throw new Stopped('its user closed the window');
    const pairs: Pairs = [
      ['grant_type', 'authorization_code'],
      ['code', code ?? 'undefined'],
      ['redirect_uri', this.is('token.redirect-uri-same') ? 'http://127.0.0.1:8765/other' : flow.redirect],
    ];
    if (!this.is('token.pkce-verifier'))
      pairs.push([
        'code_verifier',
        this.is('token.pkce-verifier-matches') ? randomBytes(32).toString('base64url') : verifier,
      ]);
    if (!this.is('token.resource'))
      pairs.push([
        'resource',
        this.is('token.resource-consistent') ? flow.resource.replace(/\/mcp$/, '/oauth') : flow.resource,
      ]);
    if (this.is('token.parameters-once')) pairs.push(['redirect_uri', flow.redirect]);
    const redeemed = await this.tokenRequest(pairs);
    if (this.is('token.code-once#lost') && this.#attempts === 1)
      for (let i = 0; i < 3; i += 1) await this.tokenRequest(pairs);
    if (this.is('token.code-once') && this.#attempts === 1) await this.tokenRequest(pairs);
    if (redeemed.status !== 200) throw new Stopped(`token: ${redeemed.status} ${redeemed.text.slice(0, 200)}`);
    await this.take(redeemed, flow);
  }

  async take({ body }: Answer, { scope, resource }: Pick<Flow, 'scope' | 'resource'>): Promise<void> {
    if (!/^(?:bearer|dpop)$/i.test(body.token_type) && !this.is('token.unknown-type-refused'))
      throw new Stopped('a token type that it does not know');
    if (typeof body.access_token !== 'string' && !this.is('resource.no-placeholder-token'))
      throw new Stopped('no access token');
    this.tokens = {
      ...body,
      access_token: String(body.access_token),
      scope: body.scope?.split(' ') ?? scope,
      resource,
    };
    if (body.refresh_token === undefined && this.is('refresh.not-assumed'))
      this.tokens!.refresh_token = 'made-up-by-the-client-itself';
  }

  /** A token request, authenticated as registered. */
  async tokenRequest(given: Pairs, options: { readonly noAuth?: boolean } = {}): Promise<Answer> {
    const pairs: Pairs = [...given];
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    const { client_id, client_secret } = this.client;
    let method = this.client.token_endpoint_auth_method ?? 'none';
    if (this.is('token.auth-method'))
      method = method === 'client_secret_basic' ? 'client_secret_post' : 'client_secret_basic';
    if (options.noAuth) pairs.push(['client_id', client_id]);
    else if (method === 'client_secret_basic')
      headers.authorization = this.is('token.basic-encoding')
        ? `Basic ${btoa(`${client_id}:${client_secret}`)}`
        : basic(client_id, client_secret);
    else if (method === 'private_key_jwt')
      pairs.push(
        ['client_id', client_id],
        [
          'client_assertion_type',
          this.is('token.assertion-valid#type') ? 'jwt' : 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        ],
        ['client_assertion', await this.assertion()],
      );
    else {
      if (!this.is('token.public-client-id')) pairs.push(['client_id', client_id]);
      if (method === 'client_secret_post') pairs.push(['client_secret', client_secret]);
    }
    if (this.is('token.one-auth-method')) pairs.push(['client_secret', client_secret]);
    let body = encodeForm(pairs);
    let url = this.metadata.token_endpoint;
    if (this.is('token.form-encoded')) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(Object.fromEntries(pairs));
    }
    if (this.is('token.form-encoded#query')) {
      url += `?${encodeForm(pairs.filter(([name]) => name === 'grant_type'))}`;
      body = encodeForm(pairs.filter(([name]) => name !== 'grant_type'));
    }
    const send = async () =>
      this.ask(url, { method: 'POST', body, headers: { ...headers, ...(await this.proof('POST', url, null)) } });
    let answer = await send();
    this.noteNonce(url, answer);
    for (let i = 0; answer.body?.error === 'use_dpop_nonce' && i < 2; i += 1) {
      if (this.is('dpop.as-nonce#stop')) return answer;
      answer = await send();
      this.noteNonce(url, answer);
    }
    for (let i = 0; (answer.status === 429 || answer.status === 503) && i < 3; i += 1) {
      if (!this.is('token.retry-after-heeded')) this.time.sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
      if (this.is('refresh.survives-outage') && given[0]![1] === 'refresh_token') return answer;
      answer = await send();
    }
    return answer;
  }

  async assertion(): Promise<string> {
    const jwk = this.options.client!.private_jwk!;
    const key = await importJWK(jwk, jwk.alg ?? 'ES256');
    const now = Math.floor(Date.now() / 1000);
    const { client_id } = this.client;
    return new SignJWT({})
      .setProtectedHeader({ alg: jwk.alg ?? 'ES256', ...(jwk.kid ? { kid: jwk.kid } : {}) })
      .setIssuer(this.is('token.assertion-valid') ? 'somebody' : client_id)
      .setSubject(client_id)
      .setAudience(
        this.is('token.assertion-valid#audience')
          ? 'https://elsewhere.example'
          : this.is('token.assertion-audience-issuer')
            ? this.metadata.token_endpoint
            : this.metadata.issuer,
      )
      .setIssuedAt(now)
      .setExpirationTime(this.is('token.assertion-valid#expired') ? now - 60 : now + 60)
      .setJti(randomBytes(12).toString('base64url'))
      .sign(key);
  }

  /** One JSON-RPC request, with the token that it has. */
  async rpc(method: string, tool?: string): Promise<Answer> {
    const params = {
      ...(tool === undefined ? {} : { name: tool, arguments: {} }),
      _meta: {
        'io.modelcontextprotocol/protocolVersion': this.#revision,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    };
    const body: Json = { jsonrpc: '2.0', id: 1, method, params };
    const headers: Record<string, string> = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': this.#revision,
      'mcp-method': method,
      ...(tool === undefined ? {} : { 'mcp-name': tool }),
    };
    let url = this.mcp;
    const token = this.tokens?.access_token;
    if (token !== undefined) {
      const bound = this.tokens!.token_type.toLowerCase() === 'dpop';
      const scheme = bound && !this.is('dpop.scheme') ? 'DPoP' : 'Bearer';
      if (this.is('resource.token-in-header')) headers['x-access-token'] = token;
      else if (this.is('resource.token-in-header#body')) body.access_token = token;
      else if (this.is('security.refresh-token-confined'))
        headers.authorization = `Bearer ${this.tokens!.refresh_token}`;
      else if (this.is('resource.token-of-this-issuer')) headers.authorization = `Bearer ${await foreignToken()}`;
      else if (this.is('resource.no-placeholder-token')) headers.authorization = 'Bearer undefined';
      else headers.authorization = `${scheme} ${token}`;
      if (this.is('security.token-not-in-url')) url += `${url.includes('?') ? '&' : '?'}access_token=${token}`;
      if (bound) Object.assign(headers, await this.proof('POST', this.mcp.split('?')[0]!, token));
    }
    const answer = await this.ask(url, { method: 'POST', body: JSON.stringify(body), headers });
    this.noteNonce(this.mcp, answer);
    return answer;
  }

  /** A call that is carried through: renewed, stepped up or repeated as the answers ask for. */
  async call(method = 'tools/call', tool: string | undefined = 'whoami'): Promise<Answer> {
    const answer = await this.rpc(method, tool);
    return this.after(answer, method, tool);
  }

  async after(first: Answer, method: string, tool: string | undefined): Promise<Answer> {
    let answer = first;
    let renewals = 0;
    let steps = 0;
    let nonces = 0;
    for (let i = 0; i < 24; i += 1) {
      const challenge = this.challengeOf(answer);
      if (answer.status === 401 && challenge.error === 'use_dpop_nonce' && nonces < 3) {
        nonces += 1;
        answer = await this.rpc(method, tool);
      } else if (answer.status === 401 && this.is('resource.refused-token-dropped')) {
        renewals += 1;
        this.time.sleep(3000);
        if (renewals > 3) await this.renew(answer, false);
        answer = await this.rpc(method, tool);
      } else if (answer.status === 401 && this.is('resource.recovers')) return answer;
      else if (answer.status === 401 && (renewals < 2 || (this.is('authorize.rejection-limit') && renewals < 8))) {
        renewals += 1;
        await this.renew(answer, renewals > 1);
        answer = await this.rpc(method, tool);
      } else if (answer.status === 403 && challenge.error === 'insufficient_scope') {
        if (steps >= (this.is('authorize.step-up-limit') ? 5 : 2) || this.is('authorize.step-up-scope#stop'))
          return answer;
        steps += 1;
        await this.stepUp(challenge.scope);
        answer = await this.rpc(method, tool);
      } else if (answer.status === 503 || answer.status === 429) {
        if (!this.is('token.retry-after-heeded'))
          this.time.sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
        answer = await this.rpc(method, tool);
      } else return answer;
    }
    return answer;
  }

  async stepUp(scope: string | undefined): Promise<void> {
    const more = scope?.split(' ') ?? [];
    if (this.is('authorize.step-up-scope#refresh')) return void (await this.refresh());
    if (this.is('authorize.step-up-scope')) return this.authorize(this.asked);
    await this.authorize(this.is('authorize.step-up-union') ? more : [...new Set([...this.asked, ...more])]);
  }

  /** After a refused token: by the refresh token if there is one, else by the user. */
  async renew(refused: Answer, again: boolean): Promise<void> {
    const rereads =
      this.challengeOf(refused).resource_metadata !== undefined && !this.is('discovery.prm-refreshed-on-challenge');
    if (rereads) {
      const before = this.issuer;
      this.prm = (await this.ask(this.challengeOf(refused).resource_metadata!)).body ?? this.prm;
      const issuer = this.prm.authorization_servers?.[0] ?? before;
      if (issuer !== before && !this.is('registration.anew-at-new-issuer')) {
        this.tokens = null;
        this.metadata = null;
        await this.readIssuer(issuer);
        await this.identify();
        const scope = this.scopeFor(refused);
        if (!this.is('registration.bound-to-issuer')) return this.authorize(scope);
        await this.authorize(scope).catch(() => undefined);
        this.clients.delete('any');
        await this.identify();
        return this.authorize(scope);
      }
    }
    if (this.tokens?.refresh_token !== undefined && !again && !this.is('refresh.used')) {
      const answer = await this.refresh();
      if (answer.status === 200) return;
      if (answer.status >= 500) {
        if (this.is('refresh.survives-outage')) return this.authorize(this.asked);
        return;
      }
      if (this.is('refresh.dead-token-dropped')) for (let i = 0; i < 2; i += 1) await this.refresh();
      if (answer.body?.error === 'invalid_client') {
        if (this.is('registration.dead-client-dropped')) {
          await this.refresh();
          await this.refresh();
        }
        this.clients.clear();
        await this.identify();
      }
      this.tokens = null;
    }
    if (this.is('discovery.prm-refreshed-on-challenge')) return;
    await this.authorize(this.asked);
  }

  async refresh(): Promise<Answer> {
    const { refresh_token, scope, resource } = this.tokens!;
    const pairs: Pairs = [['grant_type', 'refresh_token']];
    if (refresh_token !== undefined && !(this.is('refresh.old-token-kept#empty') && this.#refreshes > 0))
      pairs.push(['refresh_token', refresh_token]);
    if (!this.is('refresh.resource')) pairs.push(['resource', resource]);
    if (this.is('refresh.scope-within-grant')) pairs.push(['scope', 'notes:read admin']);
    const own = this.client;
    if (this.is('refresh.same-client')) this.client = (await this.registerAnother()).body;
    const answer = await this.tokenRequest(pairs, { noAuth: this.is('refresh.authenticated') });
    this.client = own;
    this.#refreshes += 1;
    if (this.is('refresh.single-flight')) await this.tokenRequest(pairs);
    if (answer.status !== 200) return answer;
    const kept = this.is('refresh.old-token-kept') ? undefined : refresh_token;
    const renewed = this.is('refresh.new-token-replaces-old') ? refresh_token : (answer.body.refresh_token ?? kept);
    await this.take(answer, { scope, resource });
    this.tokens!.refresh_token = renewed;
    if (renewed === undefined) delete this.tokens!.refresh_token;
    return answer;
  }

  registerAnother(): Promise<Answer> {
    return this.register({
      client_name: 'Another',
      redirect_uris: ['http://127.0.0.1:8765/another'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });
  }

  /** Two windows that sign in at once. */
  async twoWindows(): Promise<void> {
    const scope = this.asked;
    const [one, two] = [this.begin(scope), this.begin(scope)];
    const [first, second] = [await this.visit(one), await this.visit(two)];
    const shared = this.is('token.pkce-verifiers-apart');
    const signedIn = await this.finish(one, first, shared ? two.verifier : one.verifier).then(
      () => true,
      () => false,
    );
    if (signedIn) await this.rpc('tools/list');
    await this.finish(two, second);
    await this.rpc('tools/list');
  }

  async revoke(): Promise<Answer> {
    const { client_id, client_secret } = this.client;
    const post =
      (this.client.token_endpoint_auth_method === 'client_secret_post') !== this.is('registration.method-everywhere');
    return this.ask(this.metadata.revocation_endpoint, {
      method: 'POST',
      body: encodeForm({ token: this.tokens!.access_token, ...(post ? { client_id, client_secret } : {}) }),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(post ? {} : { authorization: basic(client_id, client_secret) }),
      },
    });
  }

  // DPoP

  noteNonce(url: string, answer: Answer): void {
    const nonce = answer.headers.get('dpop-nonce');
    const server = this.serverOf(url);
    if (nonce === null || this.is(`dpop.${server}-nonce`)) return;
    if (this.is('dpop.nonce-followed') && this.#nonces.has(server)) return;
    this.#nonces.set(server, nonce);
  }

  serverOf(url: string): string {
    return url.includes('/oauth/token') ? 'as' : 'rs';
  }

  async proof(method: string, url: string, token: string | null): Promise<Record<string, string>> {
    if (!this.options.dpop || (token === null && this.is('dpop.proof-in-token-request'))) return {};
    if (this.#key === null || (token !== null && this.is('dpop.key-of-token') && !this.#newKey)) {
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
      this.#newKey = token !== null;
      this.#key = { privateKey, jwk: await exportJWK(publicKey) };
    }
    const nonce = this.#nonces.get(this.serverOf(url));
    const jti =
      this.is('dpop.proof-per-request') && this.#jti !== null ? this.#jti : randomBytes(12).toString('base64url');
    this.#jti = jti;
    const broken = this.is('dpop.proof-form');
    const ath = token === null || this.is('dpop.ath') ? {} : { ath: digest(token) };
    const proof = await new SignJWT({
      htm: broken ? 'GET' : method,
      htu: url,
      jti,
      ...ath,
      ...(nonce === undefined ? {} : { nonce }),
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#key.jwk })
      .setIssuedAt(Math.floor(Date.now() / 1000))
      .sign(this.#key.privateKey);
    return { dpop: proof };
  }

  // Other grants

  /** The device grant, from the code to the end. @param polls at most */
  async device(polls = 12): Promise<string> {
    this.grants = ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'];
    await this.readIssuer(this.base);
    await this.identify();
    const start = () =>
      this.ask(this.metadata.device_authorization_endpoint, {
        method: 'POST',
        body: encodeForm(
          this.is('device.request')
            ? { scope: 'notes:read' }
            : { client_id: this.client.client_id, scope: 'notes:read' },
        ),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const begun = await start();
    if (begun.status !== 200) return `device: ${begun.status}`;
    let interval = begun.body.interval ?? 5;
    for (let i = 0; i < polls; i += 1) {
      const hasty = this.is('device.slow-down') && i > 0 && i < 9;
      this.time.sleep(
        this.is('device.interval') && i < 3 ? 1500 : (hasty ? (begun.body.interval ?? 5) : interval) * 1000,
      );
      const pairs: Pairs = [
        [
          'grant_type',
          this.is('device.token-request#grant') ? 'device_code' : 'urn:ietf:params:oauth:grant-type:device_code',
        ],
        ['device_code', this.is('device.token-request') ? begun.body.user_code : begun.body.device_code],
      ];
      const answer = await this.tokenRequest(pairs).catch(() => null);
      if (answer === null) {
        if (!this.is('device.backs-off')) interval *= 2;
        continue;
      }
      const { error } = answer.body ?? {};
      if (answer.status === 200) return 'approved';
      if (error === 'slow_down') interval += 5;
      if (this.is('device.goes-on') && error === 'authorization_pending') {
        this.time.sleep(4 * interval * 1000);
        return 'gave up';
      }
      if (error === 'authorization_pending' || error === 'slow_down') continue;
      if (this.is('device.stops')) {
        this.time.sleep(interval * 1000);
        await this.tokenRequest(pairs);
      }
      if (error === 'expired_token' && this.is('device.no-automatic-restart'))
        for (let k = 0; k < 2; k += 1) await start();
      return String(error ?? answer.status);
    }
    return 'pending';
  }

  /** An employee's client: the identity provider vouches for it, without asking the user. */
  async enterprise(): Promise<void> {
    await this.discover(await this.rpc('tools/list'));
    await this.identify();
    const { client_id, client_secret, id_token, idp_token_endpoint } = this.options.client as Json;
    const exchange: Pairs = [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['requested_token_type', 'urn:ietf:params:oauth:token-type:id-jag'],
      ['audience', this.metadata.issuer],
      ['subject_token', id_token],
      ['subject_token_type', 'urn:ietf:params:oauth:token-type:id_token'],
    ];
    if (!this.is('token.id-jag-exchange')) exchange.push(['resource', this.prm.resource]);
    const hidden = this.is('token.auth-method#idp');
    if (hidden) exchange.push(['client_id', client_id]);
    const exchanged = await this.ask(idp_token_endpoint, {
      method: 'POST',
      body: encodeForm(exchange),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(hidden ? {} : { authorization: basic(client_id, client_secret) }),
      },
    });
    if (exchanged.status !== 200) throw new Stopped(`exchange: ${exchanged.status} ${exchanged.text}`);
    await this.present(this.is('token.id-jag-presented') ? id_token : exchanged.body.access_token);
  }

  /** A workload: its platform's assertion is the grant. @param scope that it asks for */
  async workload(scope?: string): Promise<void> {
    await this.discover(await this.rpc('tools/list'));
    await this.identify();
    const { assertions } = this.options.client as Json;
    await this.present(this.is('token.workload-assertion') ? assertions.expired : assertions.valid, scope);
  }

  async present(assertion: string, scope?: string): Promise<void> {
    const pairs: Pairs = [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      ['assertion', assertion],
      ['resource', this.prm.resource],
    ];
    if (scope !== undefined) pairs.push(['scope', scope]);
    const answer = await this.tokenRequest(pairs);
    if (answer.status !== 200 && this.is('token.no-grant-fallback')) await this.tokenRequest(pairs);
    if (answer.status !== 200) throw new Stopped(`token: ${answer.status} ${answer.text}`);
    await this.take(answer, { scope: [], resource: this.prm.resource });
    await this.rpc('tools/list');
  }

  /** A machine: client credentials after a 401. */
  async machine(): Promise<void> {
    await this.discover(await this.rpc('tools/list'));
    await this.identify();
    const grant = this.is('token.client-credentials-grant')
      ? 'authorization_code'
      : this.is('security.no-password-grant')
        ? 'password'
        : 'client_credentials';
    const pairs: Pairs = [['grant_type', grant]];
    if (grant === 'authorization_code')
      pairs.push(
        ['code', randomBytes(24).toString('base64url')],
        ['code_verifier', randomBytes(32).toString('base64url')],
      );
    if (grant === 'password') pairs.push(['username', 'somebody'], ['password', 'secret']);
    if (!this.is('token.resource')) pairs.push(['resource', this.prm.resource]);
    const answer = await this.tokenRequest(pairs);
    if (answer.status !== 200) throw new Stopped(`token: ${answer.status} ${answer.text}`);
    await this.take(answer, { scope: [], resource: this.prm.resource });
    await this.rpc('tools/list');
  }
}

async function foreignToken(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  return new SignJWT({ scope: 'notes:read' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .setIssuer('https://elsewhere.example')
    .setAudience('https://elsewhere.example/mcp')
    .setExpirationTime('1h')
    .sign(privateKey);
}

/** For tests that look into a token. */
export { decodeJwt };
