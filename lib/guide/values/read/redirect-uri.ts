import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The redirect URI that was registered. */
export const redirectUri: Read = {
  value: 'redirect_uri',
  read: (exchange) => {
    const uris = jsonOf(exchange.response)?.redirect_uris;
    return Array.isArray(uris) ? text(uris[0]) : null;
  },
};
