import { formOf, jsonOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The token that a server received, once introspection calls it good. */
export const subjectToken: Read = {
  value: 'subject_token',
  read: (exchange) => (jsonOf(exchange.response)?.active === true ? formOf(exchange).get('token') : null),
};
