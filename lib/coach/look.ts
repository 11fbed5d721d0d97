/** What several rules look for. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64url } from '#lib/exchange/encoding.ts';
import { type JsonObject, jsonOf, parseObject } from '#lib/exchange/read.ts';
import { request, requestHeader, requestMember } from './exhibits.ts';
import { fail, none, pass } from './findings.ts';
import type { Answer, Authorization, Call, Document, Tokens, TokenRequest } from './ledger.ts';
import { PATIENCE, type Run } from './run.ts';
import { byTime, type Seen, scopesOf, textsOf } from './seen.ts';
import type { Exhibit, Finding } from './types.ts';

/** Words that a program writes when it has no value. */
export const PLACEHOLDER = /^(?:undefined|null|none|nil|nan|true|false|\[object object\]|\{\}|""|'')$/i;

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** base64url of the SHA-256 of a text. */
export function digest(text: string): string {
  return toBase64url(sha256(new TextEncoder().encode(text)));
}

/** An address with its parts, or null if it is none. */
export function addressOf(text: string | null): URL | null {
  if (text === null || !URL.canParse(text)) return null;
  return new URL(text);
}

export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** An http address of this machine, without its port; other addresses as they are. */
export function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost|[^/?#]*\.localhost)):\d+(?=[/?#]|$)/i, '$1');
}

/** Whether a redirect URI is one of a list, on this machine at any port. */
export function isListed(uri: string, list: readonly string[]): boolean {
  return list.some((one) => one === uri || withoutPort(one) === withoutPort(uri));
}

/** Where two texts begin to differ, in words. */
export function differenceOf(got: string, expected: string): string {
  let at = 0;
  while (at < got.length && at < expected.length && got[at] === expected[at]) at += 1;
  if (at === got.length) return `it ends after ${at} characters`;
  if (at === expected.length) return `it goes on after ${at} characters with ${JSON.stringify(got.slice(at, at + 12))}`;
  return `they differ from character ${at + 1} on: ${JSON.stringify(got.slice(at, at + 12))}`;
}

/** An identifier with what a URL library would change made equal: case of scheme and host, default port, last slash. */
export function normalized(text: string): string {
  const url = addressOf(text);
  if (url === null) return text;
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}

/** The issuer identifiers of the sandbox. */
export function issuersOf(run: Run): readonly string[] {
  return [run.issuer, `${run.base}/as2`, `${run.base}/idp`];
}

/** Scopes of the last Bearer or DPoP challenge of an answer; null if it names none. */
export function challengeScopes(seen: Seen): readonly string[] | null {
  for (const { scheme, parameters } of seen.challenges)
    if (/^(?:bearer|dpop)$/i.test(scheme) && parameters.scope !== undefined) return scopesOf(parameters.scope);
  return null;
}

/** `resource_metadata` of the challenges of an answer. */
export function metadataAddress(seen: Seen): string | null {
  for (const { parameters } of seen.challenges)
    if (parameters.resource_metadata !== undefined) return parameters.resource_metadata;
  return null;
}

/** Resource metadata that was delivered. */
export function delivered(prm: readonly Seen[]): readonly { readonly seen: Seen; readonly document: JsonObject }[] {
  return prm.flatMap((seen) => {
    const { answer } = seen;
    return seen.status === 200 && seen.delivered && answer !== null ? [{ seen, document: answer }] : [];
  });
}

/** Authorization server metadata that was delivered. */
export function readable(documents: readonly Document[]): readonly (Document & { readonly document: JsonObject })[] {
  return documents.filter(
    (one): one is Document & { readonly document: JsonObject } => one.document !== null && one.seen.delivered,
  );
}

/** The metadata of an issuer that was read last before an exchange. */
export function metadataBefore(
  run: Run,
  seen: Seen,
  issuer: string,
): (Document & { readonly document: JsonObject }) | null {
  return (
    readable(run.documents).findLast(
      (one) => one.issuer === issuer && one.document !== null && byTime(one.seen, seen) < 0,
    ) ?? null
  );
}

/** Scopes that the authorization server lists, by the metadata that was read last. */
export function listedScopes(run: Run, seen: Seen, issuer: string): readonly string[] | null {
  return textsOf(metadataBefore(run, seen, issuer)?.document, 'scopes_supported');
}

/** Requests to the authorization server that go beyond discovery and registration. */
const BEYOND: ReadonlySet<string> = new Set(['authorize', 'par', 'device', 'token']);
export function goesBeyond({ endpoint }: Seen): boolean {
  return BEYOND.has(endpoint);
}
/** The same, and registration. */
export function usesServer({ endpoint }: Seen): boolean {
  return BEYOND.has(endpoint) || endpoint === 'register';
}

/** The first authorization request of a client, unless it answers a 403; null if an earlier run had it. */
export function firstAuthorization(run: Run): Authorization | null {
  const [first] = run.authorizations;
  if (first === undefined) return null;
  const earlier = run.ledger.authorizations.some(
    (one) => one.clientId === first.clientId && byTime(one.seen, first.seen) < 0 && !run.has(one.seen),
  );
  const steppedUp = run.calls.some(({ seen }) => seen.status === 403 && byTime(seen, first.seen) < 0);
  return earlier || steppedUp ? null : first;
}

/** The last 401 before an exchange. */
export function challengeBefore(run: Run, seen: Seen): Seen | null {
  return (
    run.calls.findLast((call) => call.seen.status === 401 && call.seen.delivered && byTime(call.seen, seen) < 0)
      ?.seen ?? null
  );
}

/** Resource metadata that was read last before an exchange. */
export function prmBefore(run: Run, seen: Seen): { readonly seen: Seen; readonly document: JsonObject } | null {
  return delivered(run.prm).findLast((one) => byTime(one.seen, seen) < 0) ?? null;
}

/** Redirects with a code, each with its request. */
export function codesOf(
  run: Run,
): readonly { readonly authorization: Authorization; readonly answer: Answer & { readonly code: string } }[] {
  return run.authorizations.flatMap((authorization) =>
    authorization.answers.flatMap((answer) =>
      answer.code ? [{ authorization, answer: { ...answer, code: answer.code } }] : [],
    ),
  );
}

/** The first token request with a code. */
export function redemptionOf(run: Run, code: string): TokenRequest | null {
  return run.ledger.tokenRequests.find((request) => request.code === code) ?? null;
}

/**
 * Judges a redirect whose code must not be redeemed.
 * @param marked the place that should have stopped the client
 */
export function notRedeemed(
  run: Run,
  answer: Answer & { readonly code: string },
  marked: Exhibit,
  wrong: string,
): Finding {
  const redeemed = redemptionOf(run, answer.code);
  if (redeemed !== null)
    return fail(`The code that came with ${wrong} was redeemed.`, request(redeemed.seen, 'the token request'), marked);
  if (run.isOver(answer.seen, PATIENCE)) return pass(`The code that came with ${wrong} was not redeemed.`, marked);
  return run.wait(answer.seen, PATIENCE, 'Counts once the code has not been redeemed for 60 seconds.');
}

/** Judges each of some requests that every one must get right. */
export function everyOne<T>(items: readonly T[], judge: (item: T) => Finding | null): readonly Finding[] {
  return items.flatMap((item) => judge(item) ?? []);
}

/** Client metadata documents that the sandbox fetched, without those that it altered on purpose. */
export function documentsFetched(run: Run): readonly {
  readonly seen: Seen;
  readonly index: number;
  readonly url: string;
  readonly status: number | null;
  readonly problem: string | null;
  readonly document: JsonObject | null;
}[] {
  const known = new Set<string>();
  return run.seen.flatMap((seen) =>
    (seen.exchange.fetched ?? []).flatMap(({ url, status, body, problem }, index) => {
      if (seen.param('client_id') !== url || known.has(`${url} ${body}`)) return [];
      if (seen.acted('knob', 'cimd.fetch') || seen.acted('knob', 'cimd.patch')) return [];
      known.add(`${url} ${body}`);
      return [{ seen, index, url, status, problem, document: status === 200 ? parseObject(body) : null }];
    }),
  );
}

/** Calls that were refused for lack of scope, and whose answer arrived. */
export function shortOfScope(run: Run): readonly Call[] {
  return run.calls.filter(({ seen }) => seen.status === 403 && seen.delivered && seen.error === 'insufficient_scope');
}

/** What a call asks for: HTTP method, JSON-RPC method, tool. */
export function operationOf({ exchange, method }: Seen): string {
  return `${method} ${exchange.rpcMethod ?? ''} ${exchange.tool ?? ''}`;
}

/** Whether a token was accepted at the MCP server before an exchange. */
export function wasGood(run: Run, token: string, before: Seen): Call | null {
  return (
    run.ledger.calls.find(
      (call) =>
        call.token === token && call.seen.status >= 200 && call.seen.status < 300 && byTime(call.seen, before) < 0,
    ) ?? null
  );
}

/** The answer that a chain of refreshes began with. */
export function rootOf(tokens: Tokens): Tokens {
  let root = tokens;
  for (let parent = root.parent, hops = 0; parent !== null && hops < 1000; parent = root.parent, hops += 1)
    root = parent;
  return root;
}

/** Whether this token response is of an issuer that gives tokens for the MCP server. */
export function isForMcp(run: Run, tokens: Tokens): boolean {
  return tokens.request.issuer !== `${run.base}/idp` && tokens.request.grantType !== TOKEN_EXCHANGE;
}

/** What is unusual in a correct token response; null if nothing is. */
export function unusual(run: Run, tokens: Tokens): string | null {
  const { seen } = tokens.request;
  const scenario = run.scenario(seen);
  if (tokens.type !== null && tokens.type === 'bearer') return 'token_type';
  if (tokens.expiresIn === null && seen.answer?.expires_in === undefined) return 'expires_in';
  if (tokens.scope === null) return 'scope';
  const extra = Object.keys(seen.answer ?? {}).find((name) => !KNOWN_MEMBERS.has(name));
  if (extra !== undefined) return extra;
  if (run.knob(seen, 'tokens.format') === 'opaque') return 'access_token';
  if (scenario === 'refresh-not-issued' || run.knob(seen, 'refresh.issue') === 'never') return 'refresh_token';
  return null;
}

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'scope',
  'id_token',
  'issued_token_type',
  'authorization_details',
  'refresh_token_expires_in',
]);

/** Whether a token response is one that a client has to be able to use. */
export function isUsable(tokens: Tokens): boolean {
  const { seen } = tokens.request;
  return (
    tokens.access !== null &&
    tokens.access !== '' &&
    seen.delivered &&
    /^(?:bearer|dpop)$/i.test(tokens.type ?? '') &&
    !seen.faulted &&
    !seen.acted('knob', 'tokens.defect')
  );
}

/** What cannot be told while the run is open. */
export function untilClosed(says: string): Finding {
  return none('open', says);
}

/** Whether a client identifier is the address of a metadata document. */
export function isUrl(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId);
}

/** Registrations that were tried, refused ones included. */
export function attemptsOf(run: Run): readonly { readonly seen: Seen; readonly body: JsonObject }[] {
  return run.seen.flatMap((seen) => {
    const body = seen.endpoint === 'register' && seen.method === 'POST' ? jsonOf(seen.exchange.request) : null;
    return body === null ? [] : [{ seen, body }];
  });
}

/** The first parameter that comes more than once, but for those that may; null if none does. */
export function repeatedName(parameters: Iterable<[string, string]>, allowed: readonly string[]): string | null {
  const names = new Set<string>();
  for (const [name] of parameters) {
    if (names.has(name) && !allowed.includes(name)) return name;
    names.add(name);
  }
  return null;
}

/** Authorization and token requests with `resource`. */
export function resourcesOf(run: Run): readonly { readonly seen: Seen; readonly values: readonly string[] }[] {
  return [
    ...run.authorizations.map(({ seen, pushed, parameters }) => ({
      seen: pushed ?? seen,
      values: parameters.getAll('resource'),
    })),
    ...run.tokenRequests
      .filter(({ issuer, grantType }) => issuer !== `${run.base}/idp` && grantType !== 'refresh_token')
      .map(({ seen }) => ({ seen, values: seen.form.getAll('resource') })),
  ].filter(({ values }) => values.length > 0);
}

/** Whether a resource identifier is one of this sandbox, or a parent of one. */
export function identifies(run: Run, value: string): boolean {
  const url = addressOf(value);
  const base = addressOf(run.base);
  if (url === null || base === null || value.includes('#') || url.origin !== base.origin) return false;
  const path = url.pathname.replace(/\/+$/, '');
  const root = base.pathname.replace(/\/+$/, '');
  return ['/mcp', '/oauth', '/bearer', '/no-auth', '/api/resource'].some(
    (resource) => `${root}${resource}` === path || `${root}${resource}/`.startsWith(`${path}/`),
  );
}

/** The form of a code verifier. @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1 */
export const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/** The challenge that a verifier belongs to. */
export function challengeOf(verifier: string, method: string | null): string {
  return method === 'S256' ? digest(verifier) : verifier;
}

/** Another request of the same client that a verifier belongs to. */
export function anothersChallenge(run: Run, authorization: Authorization, verifier: string): Authorization | null {
  return (
    run.authorizations.find(
      (one) =>
        one !== authorization &&
        one.parameters.get('code_challenge') === challengeOf(verifier, one.parameters.get('code_challenge_method')),
    ) ?? null
  );
}

export function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}

/** Judges whether an access token reaches the MCP server. */
export function usedOrNot(run: Run, tokens: Tokens, shown: Exhibit, what: string): Finding {
  const used = run.ledger.calls.find(({ token }) => token === tokens.access);
  if (used) return pass(`It uses ${what}.`, request(used.seen, 'the call'), shown);
  const later = run.calls.filter(({ seen }) => byTime(seen, tokens.request.seen) > 0);
  const after = later.some((call) => call.token !== null || misplacedToken(run, call) !== null);
  if (after) return none('no-occasion', 'It went on with another token.');
  return run.closed ? fail(`It never used ${what}.`, shown) : none('open', 'The token has not been used yet.');
}

/**
 * Where a call carries an access token of this sandbox outside `Authorization: Bearer`; null if nowhere. Of headers
 * that the record does not know only the length is kept: that of the token is enough here.
 */
export function misplacedToken(run: Run, { seen, token }: Call): Exhibit | null {
  if (token !== null || run.ledger.byAccess.size === 0) return null;
  const lengths = new Set(
    run.tokens.flatMap(({ access, request: { seen: from } }) =>
      access !== null && access.length >= 20 && byTime(from, seen) < 0 ? [access.length, access.length + 7] : [],
    ),
  );
  for (const [name, value] of seen.exchange.request.headers) {
    const kept = /^not-kept \((\d+) characters\)$/.exec(value);
    // A short value that is as long as a token may be anything: a key, an identifier.
    const isLikely = Number(kept?.[1]) >= 100 || /token|auth|bearer/i.test(name);
    if (kept ? isLikely && lengths.has(Number(kept[1])) : name.toLowerCase() !== 'referer' && holdsToken(run, value))
      return requestHeader(seen, name.toLowerCase(), 'where the token is', 'Authorization: Bearer');
  }
  const { body } = seen.exchange.request;
  return body !== null && holdsToken(run, body)
    ? requestMember(seen, 'access_token', null, 'where the token is', 'Authorization: Bearer')
    : null;
}

function holdsToken(run: Run, text: string): boolean {
  return (
    text.length >= 16 &&
    text.split(/[^A-Za-z0-9\-._~+/]+/).some((word) => word.length >= 16 && run.ledger.byAccess.has(word))
  );
}

/** Whether the sandbox plays a server of MCP 2025-03-26: it has no resource metadata, and its challenge names none. */
export function playsFirstRevision(run: Run, seen: Seen): boolean {
  return run.knob(seen, 'prm.location') === 'none' && run.knob(seen, 'prm.inChallenge') === false;
}
