/** The values that are known at an exchange: for colour, and for lighting one up everywhere. */
import { valuesOf } from '#lib/exchange/values.ts';
import type { Bag } from '#lib/exchange/held.ts';
import type { Exchange } from './types.ts';

/** Values that are known once an exchange has happened; of two with one name the later wins. */
export function bagAt(exchanges: readonly Exchange[], exchange: Exchange): Bag {
  const bag: Record<string, Bag[string]> = {};
  const hold = (one: Exchange): void => {
    for (const { name, value, by } of valuesOf(one))
      bag[name] = { name, value, madeBy: by, secret: false, step: null, run: one.seq };
  };
  for (const one of exchanges) if (one.seq < exchange.seq) hold(one);
  hold(exchange);
  return bag;
}
