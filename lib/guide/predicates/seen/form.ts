import { formOf } from '#lib/exchange/read.ts';
import type { Seen } from '../predicate.ts';

/** Parameters of the form that was sent. */
export const form: Seen = {
  seen: 'form',
  holds: (wanted, entry) => Object.entries(wanted as Record<string, string>).every(([name, value]) => formOf(entry.exchange).get(name) === value),
};
