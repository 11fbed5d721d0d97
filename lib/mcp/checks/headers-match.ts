import type { Check } from '#lib/oauth/checks/types.ts';
import { type RpcRefusal, RpcRefused } from './refusal.ts';

/**
 * Headers and body of a request of the stateless revisions say the same. A gateway routes and allows by the headers; a
 * server that ran the body without looking would run something else.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
 */
export const headersMatch: Check<RpcRefusal | null> = {
  name: 'headers-match',
  says: 'Headers and body say the same',
  clause: 'mcp-http-validation',
  test(mismatch) {
    if (mismatch === null) return;
    throw new RpcRefused('header-mismatch', mismatch);
  },
};
