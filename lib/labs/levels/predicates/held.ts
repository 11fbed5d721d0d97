/** What a goal can ask of a value in hand, beside what the steps of the guide ask. */
import { decodeToken } from '#lib/exchange/read.ts';
import { isAlive, lifeOf } from '#lib/guide/ledger.ts';
import { listOf, type PredicateFacts, type That, textOf } from '#lib/guide/predicates/predicate.ts';
import { scopesOf, userOf } from '#lib/guide/tokens.ts';
import { fill } from '#lib/guide/values.ts';
import type { LevelFacts } from '../facts.ts';

/**
 * Whether the server still takes the token: by its claims and the sandbox's clock, by the grants that the server keeps,
 * and by what the exchanges showed.
 */
const active: That = {
  that: 'active',
  holds: (wanted, name, facts) => isActive(textOf(name, facts), name, facts as LevelFacts) === wanted,
};

function isActive(token: string, name: string, facts: LevelFacts): boolean {
  const claims = decodeToken(token)?.claims;
  const life = lifeOf(facts.ledger, name);
  if (!claims) return isAlive(life, facts.at);
  if (life?.ended != null || Number(claims.exp) * 1000 <= facts.clock) return false;
  const grants = facts.grants.filter(
    (grant) => grant.client_id === claims.client_id && (grant.sub ?? grant.client_id) === claims.sub,
  );
  return grants.length === 0 || grants.some((grant) => !grant.revoked);
}

/** Whether the token lacks these scopes. */
const scopeLacks: That = {
  that: 'scope_lacks',
  holds: (wanted, name, facts) => !listOf(wanted).some((scope) => scopesOf(textOf(name, facts)).includes(scope)),
};

/** Whether a user stands behind the token: null for nobody, `any` for somebody. */
const user: That = {
  that: 'user',
  holds: (wanted, name, facts) => (userOf(textOf(name, facts)) !== null) === (wanted !== null),
};

/** Who acts, by the token's `act` claim. @see https://datatracker.ietf.org/doc/html/rfc8693#section-4.1 */
export function actorOf(token: string): string | null {
  const act = decodeToken(token)?.claims.act as { sub?: unknown; client_id?: unknown } | undefined;
  const name = act?.client_id ?? act?.sub;
  return typeof name === 'string' ? name : null;
}

const actor: That = {
  that: 'actor',
  holds: (wanted, name, facts: PredicateFacts) =>
    actorOf(textOf(name, facts)) === fill(String(wanted), facts.ledger.bag),
};

export const thats: readonly That[] = [active, scopeLacks, user, actor];
