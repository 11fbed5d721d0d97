import type { Tenant } from '../context.ts';
import { publishedAlgorithm, signingKey } from '../keys/ring.ts';
import { signJwt } from './sign.ts';

/** Seconds. */
const LIFETIME = 3600;

export interface WorkloadAssertions {
  readonly valid: string;
  readonly expired: string;
  readonly wrong_audience: string;
}

/**
 * Assertions of a workload, as the platform that runs it would hand them out: a good one, one that
 * has expired, and one for another server.
 * @param idp the sandbox's identity provider, which signs them
 * @param audience issuer of the authorization server that they are for
 * @see https://datatracker.ietf.org/doc/html/rfc7523#section-3
 */
export async function workloadAssertions(
  idp: Tenant,
  audience: string,
  subject = 'walk-workload',
): Promise<WorkloadAssertions> {
  const key = await signingKey(idp, publishedAlgorithm(idp));
  const iat = Math.floor(idp.now() / 1000);
  const sign = (aud: string, from: number) =>
    signJwt(key, 'JWT', { iss: idp.issuer, sub: subject, aud, iat: from, exp: from + LIFETIME, jti: idp.random(16) });
  const [valid, expired, wrongAudience] = await Promise.all([
    sign(audience, iat),
    sign(audience, iat - 2 * LIFETIME),
    sign('https://wrong.example', iat),
  ]);
  return { valid, expired, wrong_audience: wrongAudience };
}
