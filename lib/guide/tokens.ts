/** What the claims of a token say, without believing them. */
import { decodeToken, headerOf } from '#lib/exchange/read.ts';
import type { Exchange } from './types.ts';

/** The scopes of a token: its `scope` claim, as a list. */
export function scopesOf(token: string): readonly string[] {
  return String(decodeToken(token)?.claims.scope ?? '')
    .split(' ')
    .filter(Boolean);
}

/** Who approved a token; null if it is a client's own. */
export function userOf(token: string): string | null {
  const { sub, client_id: client } = decodeToken(token)?.claims ?? {};
  return typeof sub === 'string' && sub !== client ? sub : null;
}

/**
 * The thumbprint of the key that a token is bound to.
 * @see https://datatracker.ietf.org/doc/html/rfc9449#section-6.1
 */
export function jktOf(token: string): string | null {
  const cnf = decodeToken(token)?.claims.cnf as { jkt?: unknown } | undefined;
  return typeof cnf?.jkt === 'string' ? cnf.jkt : null;
}

/** The DPoP proof of a request: none, one, or one with a nonce. */
export function proofKind(exchange: Exchange): 'none' | 'plain' | 'nonce' {
  const proof = headerOf(exchange.request, 'dpop');
  if (proof === null) return 'none';
  return decodeToken(proof)?.claims.nonce === undefined ? 'plain' : 'nonce';
}
