/**
 * Where a protected resource looks for a token: in the `Authorization` header, and nowhere else.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.1.1
 */
import type { Context } from '#lib/oauth/context.ts';

export interface Credentials {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

/**
 * Reads the token of a request, and notes in the trace whether there is one. A token in the query
 * is not looked at: addresses end up in logs.
 * @returns null where there is none, or the header holds credentials of another kind
 */
export function readCredentials(ctx: Context): Credentials | null {
  const header = ctx.request.headers.get('authorization');
  const match = /^(Bearer|DPoP)(?:[ ]+(.*))?$/i.exec(header ?? '');
  const inQuery = new URL(ctx.request.url).searchParams.has('access_token');
  ctx.trace.check({
    check: 'token-present',
    says: 'The Authorization header carries a token',
    ok: match !== null,
    clause: match === null ? 'rfc6750-3.1' : 'oauth21-5.1.1',
    evidence: {
      header: match ? `${match[1]} …` : header === null ? 'absent' : 'of another scheme',
      ...(inQuery ? { 'access_token in the address': 'not looked at' } : {}),
    },
  });
  if (match === null) return null;
  return { scheme: match[1]!.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token: (match[2] ?? '').trim() };
}
