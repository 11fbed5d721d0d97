import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** Seconds that a token lives. */
export const expiresIn: Read = {
  value: 'expires_in',
  with: ['access_token', 'device_code'],
  read: (exchange) => text(jsonOf(exchange.response)?.expires_in),
};
