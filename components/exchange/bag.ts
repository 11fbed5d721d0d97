import type { Bag, Party } from '#lib/guide/types.ts';

/**
 * Values in hand, from a plain list: for pages that show an exchange without walking.
 */
export function bagOf(
  values: readonly { readonly name: string; readonly value: string; readonly madeBy: Party }[],
): Bag {
  return Object.fromEntries(values.map((value) => [value.name, { ...value, secret: false, step: null, run: 0 }]));
}
