import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The secret that came with a client_id. */
export const clientSecret: Read = {
  value: 'client_secret',
  with: ['client_id'],
  read: (exchange) => text(jsonOf(exchange.response)?.client_secret),
};
