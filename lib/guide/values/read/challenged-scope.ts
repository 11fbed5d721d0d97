import { tokenChallengeOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The scope that a challenge names. */
export const challengedScope: Read = {
  value: 'challenged_scope',
  read: (exchange) => tokenChallengeOf(exchange)?.parameters.scope,
};
