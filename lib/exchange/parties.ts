/** What the four parties are called. */
import type { Party } from './types.ts';

/** On the wire and over the holdings. */
export const PARTY_NAMES: Readonly<Record<Party, string>> = {
  you: 'You',
  client: 'Client',
  as: 'Auth server',
  mcp: 'MCP server',
};
