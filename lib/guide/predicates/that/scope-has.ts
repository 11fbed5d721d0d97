import { scopesOf } from '../../tokens.ts';
import { listOf, textOf, type That } from '../predicate.ts';

/** Whether the token has these scopes. */
export const scopeHas: That = {
  that: 'scope_has',
  holds: (wanted, name, facts) => listOf(wanted).every((scope) => scopesOf(textOf(name, facts)).includes(scope)),
};
