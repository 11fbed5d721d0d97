/** What rules look for in client assertions, and in assertions that are brought as grants. */
import { audienceOf, decodeToken } from '#lib/exchange/read.ts';
import { jwtMember, parameter } from './exhibits.ts';
import { withoutSlash } from './addresses.ts';
import type { Run } from './run.ts';
import { byTime, type Seen } from './seen.ts';
import type { Exhibit } from './types.ts';

/** What is wrong with an assertion. `mild`: only a profile of the specification demands it. */
export interface AssertionProblem {
  readonly says: string;
  readonly exhibit: Exhibit;
  readonly mild?: boolean;
}

/** Whether the server found that no key of the client, or of a trusted issuer, signed the assertion. */
export function signatureFails({ exchange }: Seen): boolean {
  return exchange.between.some(({ check, ok }) => check === 'assertion-signature' && !ok);
}

/** Whether a time in seconds is past, by the clock of the sandbox and by real time. */
export function isPast(seconds: unknown, seen: Seen): boolean {
  return (
    typeof seconds !== 'number' || (seconds * 1000 <= Date.parse(seen.exchange.clock) && seconds * 1000 <= seen.start)
  );
}

/**
 * What is wrong with a client assertion; null if nothing is.
 * @see https://www.rfc-editor.org/rfc/rfc7523.html#section-3
 */
export function assertionProblem(run: Run, seen: Seen, assertion: string, issuer: string): AssertionProblem | null {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const claim = (name: string, expected?: string): Exhibit =>
    jwtMember(seen, { form: 'client_assertion' }, name, `${name} of the assertion`, expected);
  if (seen.param('client_assertion_type') !== type)
    return {
      says: 'The type of the assertion is another one.',
      exhibit: parameter(seen, 'client_assertion_type', 'client_assertion_type', type),
    };
  const token = decodeToken(assertion);
  if (token === null)
    return { says: 'The assertion is no JWT.', exhibit: parameter(seen, 'client_assertion', 'client_assertion') };
  const { claims } = token;
  const clientId = seen.param('client_id');
  if (typeof claims.sub !== 'string' || claims.iss !== claims.sub)
    return { says: 'iss and sub are not both the client.', exhibit: claim('iss', String(claims.sub ?? '')) };
  if (clientId !== null && clientId !== claims.sub)
    return { says: 'sub is another client.', exhibit: claim('sub', clientId) };
  const servers = [issuer, `${withoutSlash(issuer)}/oauth/token`, seen.exchange.request.url.split('?')[0]!];
  if (!audienceOf(assertion).some((aud) => servers.some((one) => withoutSlash(one) === withoutSlash(aud))))
    return { says: 'aud is another server.', exhibit: claim('aud', issuer) };
  if (isPast(claims.exp, seen)) return { says: 'The assertion has expired.', exhibit: claim('exp') };
  // What else the server refuses (a time by the clock of the sandbox, a long life) is its own policy.
  if (signatureFails(seen)) return { says: 'The assertion does not verify.', exhibit: claim('iss') };
  const before = run.ledger.tokenRequests.find(
    (one) => one.seen.delivered && byTime(one.seen, seen) < 0 && one.seen.param('client_assertion') === assertion,
  );
  if (before) return { says: 'The same assertion came before.', exhibit: claim('jti'), mild: true };
  if (claims.jti === undefined) return { says: 'The assertion has no jti.', exhibit: claim('jti'), mild: true };
  return null;
}
