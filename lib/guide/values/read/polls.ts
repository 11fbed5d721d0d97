import { formOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The last answer to a device that asks: what it has to do next. */
export const polls: Read = {
  value: 'polls',
  with: '*',
  read: (exchange) =>
    formOf(exchange).get('grant_type')?.endsWith(':device_code') ? (exchange.error ?? 'answered with tokens') : null,
};
