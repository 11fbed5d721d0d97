import { lifeOf } from '../../ledger.ts';
import { type Bounds, type That, within } from '../predicate.ts';

/** How often its family was renewed, plus one. */
export const generation: That = {
  that: 'generation',
  holds: (wanted, name, facts) => within(lifeOf(facts.ledger, name)?.generation ?? 0, wanted as Bounds),
};
