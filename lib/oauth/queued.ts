/** What the owner of the sandbox put in line for this request: decisions, codes and tokens of their own. */
import type { QueuedDecision, QueuedTokens } from '#lib/config/queued.ts';
import type { Context } from './context.ts';
import { sha256 } from './hash.ts';

/** The decision that this authorization gets; null if the queue is empty. */
export async function queuedDecision({ tenant }: Context): Promise<QueuedDecision | null> {
  return ((await tenant.queue?.('consent')) as QueuedDecision | null | undefined) ?? null;
}

/** The code that this authorization gets; null if the queue is empty or the code was given out before. */
export async function queuedCode({ tenant }: Context): Promise<string | null> {
  const code = (await tenant.queue?.('codes'))?.code;
  return typeof code === 'string' && (await tenant.store.findCode(sha256(code))) === null ? code : null;
}

const taken = new WeakMap<Context, QueuedTokens | null>();

/**
 * What the answer of this token request carries; asked again, it is the same. A value that was given out before is
 * left out, so that an ordinary one takes its place.
 */
export async function queuedTokens(ctx: Context): Promise<QueuedTokens | null> {
  const before = taken.get(ctx);
  if (before !== undefined) return before;
  const { store, queue } = ctx.tenant;
  const found = ((await queue?.('tokens')) ?? null) as QueuedTokens | null;
  const { access_token: access, refresh_token: refresh, ...rest } = found ?? {};
  const fresh: QueuedTokens = {
    ...rest,
    ...(access !== undefined && (await store.getAccessToken(sha256(access))) === null ? { access_token: access } : {}),
    ...(refresh !== undefined && (await store.findRefreshToken(sha256(refresh))) === null
      ? { refresh_token: refresh }
      : {}),
  };
  taken.set(ctx, found === null ? null : fresh);
  return found === null ? null : fresh;
}

/** The refresh token of {@link queuedTokens}, once that was asked. */
export function queuedRefreshToken(ctx: Context): string | undefined {
  return taken.get(ctx)?.refresh_token;
}
