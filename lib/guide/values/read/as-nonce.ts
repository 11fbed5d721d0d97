import { headerOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The nonce that the authorization server wants in the next proof. */
export const asNonce: Read = {
  value: 'as_nonce',
  with: '*',
  read: (exchange) => (exchange.to === 'as' ? headerOf(exchange.response, 'dpop-nonce') : null),
};
