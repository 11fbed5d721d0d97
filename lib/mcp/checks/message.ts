import type { Check } from '#lib/oauth/checks/types.ts';
import { type RpcRefusal, RpcRefused } from './refusal.ts';

/** The body is a JSON-RPC message that this server takes, in the revision that is spoken. */
export const message: Check<RpcRefusal | null> = {
  name: 'message',
  says: 'The body is a JSON-RPC message that this server takes',
  clause: 'mcp-http-validation',
  test(refusal) {
    if (refusal === null) return;
    throw new RpcRefused('rpc-message', refusal);
  },
};
