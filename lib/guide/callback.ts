/** What comes back to the client by way of the browser. */
import type { Exchange } from './types.ts';

/** Whether an exchange is the browser bringing an answer to the client's redirect URI. */
export function isCallback(exchange: Pick<Exchange, 'from' | 'to'>): boolean {
  return exchange.to === 'client' && exchange.from === 'you';
}
