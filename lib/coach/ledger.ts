/**
 * The ledger of a sandbox, read once: what belongs to which flow. Rules look things up here, in the whole ledger; what
 * they judge are the exchanges of one run.
 */
import {
  decodeToken,
  interactionOf,
  type JsonObject,
  jsonOf,
  type Parameters,
  parseObject,
} from '#lib/exchange/read.ts';
import { isChange } from '#lib/exchange/types.ts';
import type { CoachInput, KnownClient } from './input.ts';
import { byTime, Seen, scopesOf, textOf, textsOf } from './seen.ts';
import type {
  Authorization,
  TokenRequest,
  Registration,
  Call,
  Document,
  DeviceFlow,
  Answer,
  Tokens,
  Proof,
  Method,
} from './entries.ts';
import { noteSecrets } from './secrets.ts';

const WELL_KNOWN = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)(\/.*)?$/;

const APPENDED = /\/\.well-known\/(oauth-authorization-server|openid-configuration)$/;

export class Ledger {
  readonly input: CoachInput;
  /** All exchanges that say something about a client, in order of time. */
  readonly all: readonly Seen[];
  readonly authorizations: Authorization[] = [];
  readonly tokenRequests: TokenRequest[] = [];
  readonly registrations: Registration[] = [];
  readonly calls: Call[] = [];
  readonly documents: Document[] = [];
  readonly prm: Seen[] = [];
  readonly devices: DeviceFlow[] = [];
  readonly clients = new Map<string, KnownClient>();
  readonly byCode = new Map<string, { readonly authorization: Authorization; readonly answer: Answer }>();
  readonly byAccess = new Map<string, Tokens>();
  readonly byRefresh = new Map<string, Tokens>();
  readonly byDeviceCode = new Map<string, DeviceFlow>();
  readonly byInteraction = new Map<string, Authorization>();
  readonly secrets = new Set<string>();
  /** Numbers after which everything was forgotten. */
  readonly resets: readonly { readonly seq: number; readonly at: number }[];
  readonly #proofs = new Map<Seen, Proof | null>();

  constructor(input: CoachInput) {
    this.input = input;
    const seen: Seen[] = [];
    const resets: { seq: number; at: number }[] = [];
    for (const entry of input.entries)
      if (isChange(entry)) {
        if (entry.what === 'reset') resets.push({ seq: entry.seq, at: Date.parse(entry.at) });
      } else if (tells(entry.request.method, entry.request.url, entry.endpoint)) seen.push(new Seen(entry));
    this.resets = resets;
    this.all = seen.sort(byTime);
    for (const client of input.clients)
      this.clients.set(client.clientId, both(client, this.clients.get(client.clientId)));
    const pushed = new Map<string, Seen>();
    const repeated = new Map<string, Authorization>();
    for (const one of this.all) {
      noteSecrets(one, this.secrets);
      switch (one.endpoint) {
        case 'register':
          this.#registration(one);
          break;
        case 'registration': {
          const clientId = one.method === 'PUT' && one.status === 200 ? textOf(one.answer, 'client_id') : null;
          if (clientId !== null) this.#learn(clientId, one.answer!, this.issuerOf(one));
          break;
        }
        case 'par': {
          const uri = textOf(one.answer, 'request_uri');
          if (uri !== null) pushed.set(uri, one);
          this.#document(one, one.param('client_id'));
          break;
        }
        case 'authorize':
          this.#authorization(one, pushed, repeated);
          break;
        case 'consent':
          this.#consent(one);
          break;
        case 'token':
          this.#tokenRequest(one);
          break;
        case 'prm':
          this.prm.push(one);
          break;
        case 'as-metadata':
          this.#metadata(one);
          break;
        case 'device':
          this.#device(one);
          break;
        case 'mcp':
          this.#call(one);
          break;
      }
    }
  }

  /** The issuer of the sandbox that an address belongs to. */
  issuerOf(seen: Seen): string {
    const { base, issuer } = this.input.sandbox;
    const path = base.replace(/^[a-z]+:\/\/[^/]*/i, '');
    for (const label of ['as2', 'idp'])
      if (seen.path.includes(`${path}/${label}/`) || seen.path.endsWith(`${path}/${label}`)) return `${base}/${label}`;
    return issuer;
  }

  /** The DPoP proof of a request, not verified; null if there is none that can be read. */
  proofOf(seen: Seen): Proof | null {
    const before = this.#proofs.get(seen);
    if (before !== undefined) return before;
    const text = seen.header('dpop');
    const token = text === null ? null : decodeToken(text);
    const proof = token && { seen, header: token.header, claims: token.claims };
    this.#proofs.set(seen, proof);
    return proof;
  }

  #registration(seen: Seen): void {
    const answered = seen.status === 201 || seen.status === 200 ? seen.answer : null;
    const clientId = textOf(answered, 'client_id');
    if (answered === null || clientId === null || seen.method !== 'POST') return;
    const issuer = this.issuerOf(seen);
    this.registrations.push({ seen, issuer, asked: jsonOf(seen.exchange.request) ?? {}, answered, clientId });
    this.#learn(clientId, answered, issuer);
  }

  /**
   * What an answer says of a client. An update adds to what was registered: nobody knows which request knew of
   * which.
   */
  #learn(clientId: string, answered: JsonObject, issuer: string): void {
    const known = this.clients.get(clientId);
    const method = textOf(answered, 'token_endpoint_auth_method') ?? 'client_secret_basic';
    this.clients.set(clientId, {
      clientId,
      source: 'dynamic',
      method: known !== undefined && known.method !== null && known.method !== method ? null : method,
      redirectUris: [...new Set([...(textsOf(answered, 'redirect_uris') ?? []), ...(known?.redirectUris ?? [])])],
      grantTypes: textsOf(answered, 'grant_types'),
      name: textOf(answered, 'client_name') ?? known?.name ?? null,
      issuer,
    });
  }

  /** The client's metadata document, if the sandbox fetched it for this request. */
  #document(seen: Seen, clientId: string | null): void {
    if (clientId === null || !/^https?:\/\//.test(clientId)) return;
    const fetched = (seen.exchange.fetched ?? []).find(({ url, body }) => url === clientId && body !== null);
    const document = fetched && parseObject(fetched.body);
    if (!document) return;
    this.clients.set(clientId, {
      clientId,
      source: 'document',
      method: textOf(document, 'token_endpoint_auth_method') ?? 'none',
      redirectUris: textsOf(document, 'redirect_uris') ?? [],
      grantTypes: textsOf(document, 'grant_types'),
      name: textOf(document, 'client_name'),
    });
  }

  #authorization(seen: Seen, pushed: ReadonlyMap<string, Seen>, repeated: Map<string, Authorization>): void {
    const own: Parameters = seen.form.size > 0 ? seen.form : seen.query;
    const from = pushed.get(own.get('request_uri') ?? '') ?? null;
    // What was pushed is no longer kept, or never came here: nobody knows what this request asks for.
    if (from === null && own.has('request_uri')) return;
    const key = `${seen.method} ${seen.exchange.request.url} ${seen.exchange.request.body ?? ''}`;
    let authorization = repeated.get(key);
    if (authorization === undefined) {
      const parameters = from?.form ?? own;
      authorization = {
        seen,
        parameters,
        pushed: from,
        clientId: own.get('client_id') ?? parameters.get('client_id') ?? from?.exchange.client.clientId ?? null,
        issuer: this.issuerOf(seen),
        // A client that joins scopes by commas means each of them; one rule says so.
        scope: scopesOf(parameters.get('scope')).flatMap((scope) => scope.split(',')),
        answers: [],
        redemptions: [],
      };
      repeated.set(key, authorization);
      this.authorizations.push(authorization);
      this.#document(seen, authorization.clientId);
    }
    const interaction = interactionOf(seen.exchange);
    if (interaction !== null) this.byInteraction.set(interaction, authorization);
    else this.#answered(authorization, seen);
  }

  #consent(seen: Seen): void {
    const authorization = this.byInteraction.get(interactionOf(seen.exchange) ?? '');
    if (authorization !== undefined) this.#answered(authorization, seen);
  }

  #answered(authorization: Authorization, seen: Seen): void {
    const parameters = seen.redirect?.parameters;
    if (!parameters || (!parameters.has('code') && !parameters.has('error') && !parameters.has('state'))) return;
    const answer: Answer = {
      seen,
      code: parameters.get('code'),
      state: parameters.get('state'),
      iss: parameters.get('iss'),
      error: parameters.get('error'),
    };
    authorization.answers.push(answer);
    if (answer.code) this.byCode.set(answer.code, { authorization, answer });
  }

  #tokenRequest(seen: Seen): void {
    const code = seen.param('code');
    const found = code === null ? undefined : this.byCode.get(code);
    const assertion = seen.param('client_assertion');
    const methods: Method[] = [];
    if (seen.header('authorization')?.toLowerCase().startsWith('basic')) methods.push('client_secret_basic');
    if (seen.param('client_secret')) methods.push('client_secret_post');
    if (assertion) methods.push('private_key_jwt');
    const request: TokenRequest = {
      seen,
      grantType: seen.param('grant_type') ?? seen.exchange.grantType,
      clientId:
        seen.param('client_id') ||
        seen.basic?.id ||
        (assertion ? textOf(decodeToken(assertion)?.claims, 'sub') : null) ||
        seen.exchange.client.clientId,
      issuer: this.issuerOf(seen),
      code,
      refresh: seen.param('refresh_token'),
      methods,
      authorization: found?.authorization ?? null,
      answer: found?.answer ?? null,
      tokens: null,
    };
    this.tokenRequests.push(request);
    found?.authorization.redemptions.push(request);
    const device = seen.param('device_code');
    // A poll that only lacks the nonce is repeated at once: the two are one.
    if (device && seen.error !== 'use_dpop_nonce') this.byDeviceCode.get(device)?.polls.push(request);
    this.#document(seen, request.clientId);
    if (seen.status !== 200 || seen.answer === null) return;
    const expires = seen.answer.expires_in;
    const scope = textOf(seen.answer, 'scope');
    const tokens: Tokens = {
      request,
      access: textOf(seen.answer, 'access_token'),
      refresh: textOf(seen.answer, 'refresh_token'),
      type: textOf(seen.answer, 'token_type'),
      scope: scope === null ? null : scopesOf(scope),
      expiresIn: typeof expires === 'number' ? expires : null,
      parent: request.refresh === null ? null : (this.byRefresh.get(request.refresh) ?? null),
    };
    request.tokens = tokens;
    if (tokens.access !== null) this.byAccess.set(tokens.access, tokens);
    if (tokens.refresh !== null) this.byRefresh.set(tokens.refresh, tokens);
  }

  #metadata(seen: Seen): void {
    const inserted = WELL_KNOWN.exec(seen.path);
    const appended = inserted === null ? APPENDED.exec(seen.path) : null;
    const kind = (inserted ?? appended)?.[1];
    if (kind === undefined) return;
    const address =
      `${kind === 'openid-configuration' ? 'oidc' : 'oauth'}-${inserted ? 'inserted' : 'appended'}` as const;
    const document = seen.status === 200 ? jsonOf(seen.exchange.response) : null;
    this.documents.push({ seen, issuer: this.issuerOf(seen), address, document });
  }

  #device(seen: Seen): void {
    const { answer } = seen;
    const interval = answer?.interval;
    const expires = answer?.expires_in;
    const flow: DeviceFlow = {
      seen,
      clientId: seen.param('client_id') ?? seen.basic?.id ?? seen.exchange.client.clientId,
      deviceCode: seen.status === 200 ? textOf(answer, 'device_code') : null,
      interval: typeof interval === 'number' && interval > 0 ? interval : 5,
      expiresIn: typeof expires === 'number' ? expires : null,
      polls: [],
    };
    this.devices.push(flow);
    if (flow.deviceCode !== null) this.byDeviceCode.set(flow.deviceCode, flow);
  }

  #call(seen: Seen): void {
    const { token } = seen;
    this.calls.push({
      seen,
      token: token?.token ?? null,
      scheme: token?.scheme ?? null,
      tokens: token === null ? null : (this.byAccess.get(token.token) ?? null),
    });
  }
}

/** Preflights, look-ups and pictures say nothing about a client. */
function tells(method: string, url: string, endpoint: string): boolean {
  return (
    method !== 'OPTIONS' &&
    method !== 'HEAD' &&
    endpoint !== 'server' &&
    endpoint !== 'activate' &&
    !/\/(?:favicon|apple-touch)[^/]*$/.test(url.split(/[?#]/, 1)[0]!)
  );
}

/** What is known of a client that two issuers of the sandbox know by one identifier: each may know another method. */
function both(client: KnownClient, other: KnownClient | undefined): KnownClient {
  if (other === undefined) return client;
  return {
    ...other,
    method: other.method === client.method ? client.method : null,
    redirectUris: [...new Set([...other.redirectUris, ...client.redirectUris])],
  };
}
