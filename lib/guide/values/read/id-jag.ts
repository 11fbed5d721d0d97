import { jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The assertion that an identity provider gives in exchange; it comes as `access_token`, and is none. */
export const idJag: Read = {
  value: 'id_jag',
  read: (exchange) => {
    const body = jsonOf(exchange.response);
    return String(body?.issued_token_type).endsWith(':id-jag') ? text(body?.access_token) : null;
  },
};
