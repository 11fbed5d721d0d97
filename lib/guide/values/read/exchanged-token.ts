import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The token that was given in exchange. */
export const exchangedToken: Read = {
  value: 'exchanged_token',
  read: (exchange) => text(jsonOf(exchange.response)?.access_token),
};
