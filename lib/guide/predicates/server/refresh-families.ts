import { isAlive } from '../../ledger.ts';
import type { Records } from '../predicate.ts';

/** Families of refresh tokens that are alive. */
export const refreshFamilies: Records = {
  server: 'refresh_families',
  count: (_where, facts) =>
    facts.ledger.lives.filter((life) => life.name === 'refresh_token' && isAlive(life, facts.at)).length,
};
