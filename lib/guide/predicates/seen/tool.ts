import type { Seen } from '../predicate.ts';

/** The tool that was called. */
export const tool: Seen = {
  seen: 'tool',
  holds: (wanted, entry) => entry.exchange.tool === wanted,
};
