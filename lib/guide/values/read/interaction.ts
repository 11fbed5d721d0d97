import { formOf, interactionOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** The consent page that the browser was sent to. */
export const interaction: Read = {
  value: 'interaction',
  read: (exchange) => (formOf(exchange).has('interaction') ? null : interactionOf(exchange)),
};
