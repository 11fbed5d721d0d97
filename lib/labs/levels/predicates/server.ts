/** What a goal can ask of the server's records: read from the control API after each move. */
import type { Records } from '#lib/guide/predicates/predicate.ts';
import type { GrantFacts, LevelFacts } from '../facts.ts';

/**
 * Families of refresh tokens. `active: true` counts those that can still be renewed, `same: one` only those that one
 * user gave one client.
 */
const refreshFamilies: Records = {
  server: 'refresh_families',
  count: (where, facts) => {
    const families = (facts as LevelFacts).grants.filter(
      (grant) => grant.family && (where.active !== 'true' || (grant.live && !grant.revoked)),
    );
    if (where.same === undefined) return families.length;
    const sizes = new Map<string, number>();
    for (const { client_id: client, sub } of families)
      sizes.set(`${client} ${sub}`, (sizes.get(`${client} ${sub}`) ?? 0) + 1);
    return Math.max(0, ...sizes.values());
  },
};

export const servers: readonly Records[] = [refreshFamilies];

/** Reads the answer of `GET …/grants`. */
export function grantsOf(answer: unknown): GrantFacts[] {
  const { grants } = answer as { grants?: readonly Record<string, unknown>[] };
  return (grants ?? []).map((grant) => {
    const tokens = (grant.refresh_tokens ?? []) as readonly { state?: unknown }[];
    return {
      client_id: String(grant.client_id),
      sub: typeof grant.sub === 'string' ? grant.sub : null,
      revoked: grant.revoked_at !== null,
      family: tokens.length > 0,
      live: tokens.some((one) => one.state === 'live'),
    };
  });
}
