/** Token answers, and how access tokens were used. */
import { request, requestHeader, requestMember } from './exhibits.ts';
import { fail, none, pass } from './findings.ts';
import type { Parameters } from '#lib/exchange/read.ts';
import type { Authorization, Call, TokenRequest, Tokens } from './entries.ts';
import type { Run } from './run.ts';
import { byTime, scopesOf, type Seen, textOf } from './seen.ts';
import type { Exhibit, Finding } from './types.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Calls that were refused for lack of scope, and whose answer arrived. */
export function shortOfScope(run: Run): readonly Call[] {
  return run.calls.filter(({ seen }) => seen.status === 403 && seen.delivered && seen.error === 'insufficient_scope');
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

/** What takes access tokens here beside the MCP servers. */
const ELSEWHERE: ReadonlySet<string> = new Set(['userinfo', 'resource', 'admin-resource']);

/**
 * Whether a flow is for something else than the MCP server: the same client may sign its user in, or call an API. What
 * shows it is that no token of it went to the MCP server, and that one went elsewhere or that the flow is a sign-in.
 * A flow that names a resource is what it says.
 * @param flow parameters of the request that began it, and the tokens that came of it
 */
export function isForAnother(
  run: Run,
  flow: { readonly parameters: Parameters; readonly tokens: readonly (Tokens | null)[] },
): boolean {
  if (flow.parameters.get('resource')) return false;
  const roots = new Set(flow.tokens.flatMap((tokens) => (tokens === null ? [] : rootOf(tokens))));
  const isOfFlow = (token: string | undefined): boolean => {
    const tokens = token === undefined ? undefined : run.ledger.byAccess.get(token);
    return tokens !== undefined && roots.has(rootOf(tokens));
  };
  if (run.ledger.calls.some(({ token }) => isOfFlow(token ?? undefined))) return false;
  return (
    scopesOf(flow.parameters.get('scope')).includes('openid') ||
    run.ledger.all.some((seen) => ELSEWHERE.has(seen.endpoint) && isOfFlow(seen.token?.token))
  );
}

/** The same of an authorization request. */
export function signsIn(run: Run, { parameters, redemptions }: Authorization): boolean {
  return isForAnother(run, { parameters, tokens: redemptions.map(({ tokens }) => tokens) });
}

/** The same of a token request, by the authorization that it belongs to if there is one. */
export function isTokenForAnother(run: Run, { seen, authorization, tokens }: TokenRequest): boolean {
  if (seen.form.get('resource')) return false;
  return authorization === null
    ? isForAnother(run, { parameters: seen.form, tokens: [tokens] })
    : signsIn(run, authorization);
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

/** Judges whether an access token reaches the MCP server. */
export function usedOrNot(run: Run, tokens: Tokens, shown: Exhibit, what: string): Finding {
  const used = run.ledger.calls.find(({ token }) => token === tokens.access);
  if (used) return pass(`It uses ${what}.`, request(used.seen, 'the call'), shown);
  const later = run.calls.filter(({ seen }) => byTime(seen, tokens.request.seen) > 0);
  const idToken = textOf(tokens.request.seen.answer, 'id_token');
  const mistaken = later.find(({ token }) => token !== null && token === idToken);
  if (mistaken)
    return fail(
      `It sends the ID token in place of ${what}.`,
      requestHeader(mistaken.seen, 'authorization', 'the ID token'),
      shown,
    );
  // Whatever else it sends is judged by other rules.
  if (later.some((call) => sendsSomething(run, call))) return none('no-occasion', 'It went on with another token.');
  // A client that has shown that it uses tokens may stop at any time, with one left over.
  const before = run.tokens.some(
    ({ access }) => access !== tokens.access && run.calls.some(({ token }) => token === access),
  );
  if (before) return none('no-occasion', 'It stopped before it needed this token.');
  return run.closed ? fail(`It never used ${what}.`, shown) : none('open', 'The token has not been used yet.');
}

/** Whether a call carries something that it takes for an access token, wherever it is. */
function sendsSomething(run: Run, call: Call): boolean {
  const { seen } = call;
  return (
    seen.header('authorization') !== null ||
    [...seen.query].some(([, value]) => run.ledger.byAccess.has(value)) ||
    misplacedToken(run, call) !== null
  );
}

/** Characters that a client may write before the token, in a header that is not the right one. */
const PREFIXES = ['', 'JWT ', 'Token ', 'Bearer ', 'Bearer: ', 'Token token='].map(({ length }) => length);
/** Characters of a token from which on its length is enough to know it again. */
const LONG = 100;

/**
 * Where a call carries an access token of this sandbox outside `Authorization: Bearer`; null if nowhere. Of headers
 * that the record does not know only the length is kept: that of the token is enough here.
 */
export function misplacedToken(run: Run, { seen, token, tokens }: Call): Exhibit | null {
  if (tokens !== null || run.ledger.byAccess.size === 0) return null;
  const issued = run.tokens.flatMap(({ access, request: { seen: from } }) =>
    access !== null && access.length >= 20 && byTime(from, seen) < 0 ? [access.length] : [],
  );
  for (const [name, value] of seen.exchange.request.headers) {
    // If there is a token in its place, something may be written around it there; elsewhere nothing is missed.
    if (token !== null && name.toLowerCase() !== 'authorization') continue;
    const kept = Number(/^not-kept \((\d+) characters\)$/.exec(value)?.[1] ?? Number.NaN);
    const found = Number.isNaN(kept)
      ? name.toLowerCase() !== 'referer' && holdsToken(run, value)
      : issued.some((length) => hasLengthOf(length, kept, name.toLowerCase()));
    if (found) return requestHeader(seen, name.toLowerCase(), 'where the token is', 'Authorization: Bearer');
  }
  const { body } = seen.exchange.request;
  return token === null && body !== null && holdsToken(run, body)
    ? requestMember(seen, 'access_token', null, 'where the token is', 'Authorization: Bearer')
    : null;
}

/** Whether a header that is as long as this may be a token of that length. */
function hasLengthOf(token: number, header: number, name: string): boolean {
  // A short value that is as long as a token may be anything: a key, an identifier.
  const isLikely = token >= LONG || /token|auth|bearer/.test(name);
  return isLikely && PREFIXES.includes(header - token);
}

function holdsToken(run: Run, text: string): boolean {
  return (
    text.length >= 16 &&
    text.split(/[^A-Za-z0-9\-._~+/]+/).some((word) => word.length >= 16 && run.ledger.byAccess.has(word))
  );
}
