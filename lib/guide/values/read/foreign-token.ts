import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** A token that was made for another server. */
export const foreignToken: Read = {
  value: 'foreign_token',
  read: (exchange) => text(jsonOf(exchange.response)?.access_token),
};
