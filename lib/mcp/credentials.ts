/**
 * Where a protected resource looks for a token: in the `Authorization` header, and nowhere else.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-5.1.1
 */
import { check, note } from '#lib/oauth/checks/check.ts';
import { tokenPresent } from '#lib/oauth/checks/token-present.ts';
import type { Context } from '#lib/oauth/context.ts';

export interface Credentials {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

/**
 * Reads the token of a request. A token in the query is not looked at: addresses end up in logs.
 * @param optional whether the request may go on without one
 * @returns null if there is none, or the header holds credentials of another kind, and none is needed
 * @throws OAuthError 401 `token-absent`
 */
export function readCredentials(ctx: Context, optional = false): Credentials | null {
  const header = ctx.request.headers.get('authorization');
  const match = /^(Bearer|DPoP)(?:[ ]+(.*))?$/i.exec(header ?? '');
  const input = {
    present: match !== null,
    header: match ? `${match[1]} …` : header === null ? 'absent' : 'of another scheme',
    inQuery: new URL(ctx.request.url).searchParams.has('access_token'),
    refuseQuery: false,
  };
  if (match === null && optional) {
    note(ctx.trace, 'token-present', 'No token came, and this is open without one', 'oauth21-5.1.1');
    return null;
  }
  check(ctx.trace, tokenPresent, input);
  if (match === null) return null;
  return { scheme: match[1]!.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token: (match[2] ?? '').trim() };
}
