import { headerOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The nonce that a resource server wants in the next proof. */
export const dpopNonce: Read = {
  value: 'dpop_nonce',
  with: '*',
  read: (exchange) => (exchange.to === 'mcp' ? headerOf(exchange.response, 'dpop-nonce') : null),
};
