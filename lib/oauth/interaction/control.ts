/** Who holds the sandbox's control token owns the sandbox, and needs no warning. */
import type { Context } from '../context.ts';
import { sameSecret, sha256 } from '../hash.ts';

/**
 * Whether the request shows the control token: as `control_token` in query or form, or as Bearer token.
 * It is compared and forgotten; nothing passes it on.
 */
export function showsControlToken(ctx: Context): boolean {
  const expected = ctx.tenant.controlTokenHash;
  if (expected === null) return false;
  const bearer = /^Bearer ([\x21-\x7E]+)$/i.exec(ctx.request.headers.get('authorization') ?? '')?.[1];
  const shown = [
    new URL(ctx.request.url).searchParams.get('control_token'),
    ctx.body.form?.get('control_token'),
    bearer,
  ];
  return shown.some((token) => typeof token === 'string' && token !== '' && sameSecret(sha256(token), expected));
}
