/** The refresh tokens of a grant as a tree: which are valid, which were revoked, and why. */
import { type ReasonId, reasonOf } from './reason.ts';
import type { Exchange, GrantInfo, RefreshInfo } from './types.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

export interface Branch {
  readonly token: RefreshInfo;
  readonly state: 'live' | 'used' | 'dead' | 'expired';
  /** "used after 3 min, gave generation 2". */
  readonly says: string;
  readonly children: readonly Branch[];
}
export interface Family {
  readonly grant: GrantInfo;
  readonly roots: readonly Branch[];
  /** What ended all of it, in a sentence; null while it lives. */
  readonly died: string | null;
  /** The exchange that ended it, where it is still in the ledger. */
  readonly by: number | null;
}

/**
 * @param now protocol time of the sandbox, ms
 */
export function familyOf(grant: GrantInfo, exchanges: readonly Exchange[], now: number): Family {
  const revoked = grant.revoked_at === null ? null : Date.parse(grant.revoked_at);
  const branch = (token: RefreshInfo): Branch => {
    const children = grant.refresh_tokens.filter((one) => one.parent === token.id).map(branch);
    const expired = Date.parse(token.expires_at) <= now;
    const state = token.used_at !== null ? 'used' : revoked !== null ? 'dead' : expired ? 'expired' : 'live';
    return { token, state, children, says: wordsOf(token, state, children.length) };
  };
  const ids = new Set(grant.refresh_tokens.map((token) => token.id));
  const culprit =
    revoked === null
      ? undefined
      : exchanges.findLast(
          (exchange) =>
            (exchange.grantId === grant.id || exchange.grantId === null) &&
            ((grant.revoked_by !== null && exchange.reason === grant.revoked_by) ||
              (grant.revoked_by === 'token-revoked' && exchange.endpoint === 'revoke')) &&
            Math.abs(Date.parse(exchange.clock) - revoked) < 5_000,
        );
  return {
    grant,
    roots: grant.refresh_tokens.filter((token) => token.parent === null || !ids.has(token.parent)).map(branch),
    died: revoked === null ? null : causeOf(grant.revoked_by),
    by: culprit?.seq ?? null,
  };
}

const ENDED: Readonly<Record<string, string>> = {
  'refresh-spent':
    'A used refresh token came back. A thief cannot be told from the owner, so the whole family was revoked.',
  'code-spent': 'Its code was redeemed a second time, so everything that the first redemption gave was revoked.',
  'revoked-by-owner': 'Its owner revoked it, on this page or by the control API.',
  'token-revoked': 'The client revoked it at the revocation endpoint.',
  'revoked-by-client': 'The client revoked it at the revocation endpoint.',
};

function causeOf(by: string | null): string {
  if (by === null) return 'It was revoked.';
  return ENDED[by] ?? reasonOf(by as ReasonId)?.says ?? `It was revoked: ${by.replaceAll('-', ' ')}.`;
}

const DAY_AND_TIME = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;

function wordsOf(token: RefreshInfo, state: Branch['state'], children: number): string {
  const used = token.used_at === null ? '' : `used ${timeOfDay(token.used_at)}`;
  if (state === 'used') return children > 1 ? `${used}, ${children} successors` : used;
  if (state === 'dead') return 'revoked with its family';
  if (state === 'expired') return 'expired, unused';
  return `good until ${new Date(token.expires_at).toLocaleString('en-GB', DAY_AND_TIME)}`;
}
