import type { McpServer } from '@modelcontextprotocol/server';
import type { Context } from '#lib/oauth/context.ts';
import type { Caller } from '../../caller.ts';

/** What a tool works in: the request's context, and who calls. */
export interface ToolScope {
  readonly ctx: Context;
  readonly caller: Caller;
}

/** Puts one tool on a server. Its schemas are made once: each request has a server of its own. */
export type RegisterTool = (server: McpServer, scope: ToolScope) => void;
