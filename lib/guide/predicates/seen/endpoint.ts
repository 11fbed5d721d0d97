import type { Seen } from '../predicate.ts';

/** The endpoint that was asked. A second MCP server is named by its path. */
export const endpoint: Seen = {
  seen: 'endpoint',
  holds: (wanted, entry) =>
    entry.exchange.endpoint === wanted ||
    (entry.exchange.endpoint === 'mcp' && new URL(entry.exchange.request.url).pathname.endsWith(`/${String(wanted)}`)),
};
