/**
 * Tokens that are wrong on purpose: the knobs `tokens.defect`, `tokens.defectOn`, `tokens.defectIn`.
 * Whoever verifies them has to notice.
 */
import type { JWTPayload } from 'jose';
import type { SandboxConfig } from '#lib/config/config.ts';
import type { Tenant, Trace } from '../context.ts';
import type { SigningKey } from '../keys/ring.ts';

export type Defect = Exclude<SandboxConfig['tokens.defect'], 'none'>;

/** Seconds by which a token is too late or too early. */
const EXPIRED_BY = 60;
const EARLY_BY = 120;

/**
 * The defect that the next token is to have, or null. Counts the tokens issued, where that matters.
 * @param kind whether it is an access token or an ID token
 */
export async function nextDefect(
  { config, store }: Tenant,
  kind: 'access' | 'id',
  trace?: Trace,
): Promise<Defect | null> {
  const defect = config['tokens.defect'];
  if (defect === 'none' || !config['tokens.defectIn'].includes(kind)) return null;
  const on = config['tokens.defectOn'];
  if (on !== 'all' && !on.includes(await store.count(`tokens:${kind}`))) return null;
  trace?.set({ acted: { kind: 'knob', name: 'tokens.defect' } });
  return defect;
}

/** The claims, with what is wrong in them. Those of a defect of the signature stay as they are. */
export function spoiltClaims(claims: JWTPayload, defect: Defect): JWTPayload {
  const iat = claims.iat ?? 0;
  switch (defect) {
    case 'expired':
      return { ...claims, iat: iat - 2 * EXPIRED_BY, exp: iat - EXPIRED_BY };
    case 'not-yet-valid':
      return { ...claims, nbf: iat + EARLY_BY };
    case 'wrong-audience':
      return { ...claims, aud: 'https://elsewhere.example/mcp' };
    case 'wrong-issuer':
      return { ...claims, iss: 'https://issuer.elsewhere.example' };
    default:
      return claims;
  }
}

/** The key, under an id that no key set holds where that is the defect. */
export function spoiltKey(key: SigningKey, defect: Defect): SigningKey {
  return defect === 'unknown-kid' ? { ...key, kid: `unpublished-${key.kid}`.slice(0, 40) } : key;
}

/** The token, with a character in the middle of its signature changed where that is the defect. */
export function spoiltToken(jwt: string, defect: Defect): string {
  if (defect !== 'tampered-signature') return jwt;
  const at = jwt.lastIndexOf('.') + 1 + Math.floor((jwt.length - jwt.lastIndexOf('.')) / 2);
  return jwt.slice(0, at) + (jwt[at] === 'A' ? 'B' : 'A') + jwt.slice(at + 1);
}
