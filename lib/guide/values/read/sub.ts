import { decodeToken, jsonOf } from '#lib/exchange/read.ts';
import { type Read, text } from '../value.ts';

/** The user by the name that the server has for them. */
export const sub: Read = {
  value: 'sub',
  with: ['subject_token', 'access_token'],
  read: (exchange) => {
    const body = jsonOf(exchange.response);
    if (typeof body?.id_token === 'string') return text(decodeToken(body.id_token)?.claims.sub);
    return text(body?.sub);
  },
};
