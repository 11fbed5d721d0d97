import { listOf, textOf, type That } from '../predicate.ts';

/** Whether these words are in the value, which is a list with spaces. */
export const has: That = {
  that: 'has',
  holds: (wanted, name, facts) => listOf(wanted).every((word) => textOf(name, facts).split(' ').includes(word)),
};
