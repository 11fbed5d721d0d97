import { isCallback } from '../../callback.ts';
import { queryOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The code, once the browser has brought it: what only travels is not held. */
export const code: Read = {
  value: 'code',
  read: (exchange) => (isCallback(exchange) ? queryOf(exchange).get('code') : null),
};
