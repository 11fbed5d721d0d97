import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The ID token beside an access token. */
export const idToken: Read = {
  value: 'id_token',
  with: ['access_token'],
  read: (exchange) => text(jsonOf(exchange.response)?.id_token),
};
