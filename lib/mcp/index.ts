/** The MCP servers, and what they say of themselves. */
export { resourceMetadata } from './prm.ts';
export { mcp } from './server.ts';
