import { userOf } from '../../tokens.ts';
import { textOf, type That } from '../predicate.ts';

/** Whose token it is; null: nobody\u2019s. */
export const user: That = {
  that: 'user',
  holds: (wanted, name, facts) => (userOf(textOf(name, facts)) ?? null) === wanted,
};
