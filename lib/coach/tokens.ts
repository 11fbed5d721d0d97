/** Token answers, and how access tokens were used. */
import { request, requestHeader, requestMember } from './exhibits.ts';
import { fail, none, pass } from './findings.ts';
import type { Call, Tokens } from './entries.ts';
import type { Run } from './run.ts';
import { byTime, type Seen } from './seen.ts';
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
