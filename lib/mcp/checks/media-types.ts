import type { Check } from '#lib/oauth/checks/types.ts';
import { RpcRefused } from './refusal.ts';

export interface MediaTypes {
  /** `Accept`, as it was sent; null if it was not. */
  readonly accept: string | null;
  /** Those of the two media types of an answer that the client does not accept. */
  readonly missing: readonly string[];
}

/**
 * "The client MUST include an Accept header, listing both application/json and text/event-stream as supported content
 * types."
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http, "Sending Messages to
 *   the Server"
 */
export const mediaTypes: Check<MediaTypes> = {
  name: 'media-types',
  says: 'The client accepts JSON and event streams',
  clause: 'mcp-http-validation',
  test({ accept, missing }) {
    if (missing.length === 0) return { accept };
    throw new RpcRefused('media-type', {
      status: 406,
      code: -32000,
      message:
        'Not acceptable: the client must accept both application/json and text/event-stream; it lacks ' +
        `${missing.join(' and ')}.`,
      evidence: { expected: ['application/json', 'text/event-stream'], got: accept?.slice(0, 200) ?? null },
    });
  },
};
