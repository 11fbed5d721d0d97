import { isCallback } from '../../callback.ts';
import { queryOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** Who says that the answer is theirs. */
export const iss: Read = {
  value: 'iss',
  read: (exchange) => (isCallback(exchange) ? queryOf(exchange).get('iss') : null),
};
