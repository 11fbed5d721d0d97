import { z } from 'zod';
import { structured } from './result.ts';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

/** A text, or null: as alternatives, because some clients warn of lists of types in a schema. */
const textOrNull = z.union([z.string(), z.literal(null)]);

const input = toolSchema(z.object({}));
const output = toolSchema(
  z.object({
    authenticated_by: z.enum(['access token', 'bearer token', 'nothing']),
    sub: textOrNull.describe('Subject of the token; null without a user'),
    client_id: textOrNull,
    issuer: textOrNull,
    scope: z.array(z.string()),
    audience: z.array(z.string()),
    expires_at: textOrNull.describe('ISO 8601 by the clock of the sandbox; null: never'),
    key_bound: z.boolean().describe('Whether the token is bound to a key (RFC 9449)'),
  }),
);

/** `whoami`: what the server knows of its caller, all of it from the token. */
export const whoami: RegisterTool = (server, { caller }) => {
  server.registerTool(
    'whoami',
    {
      title: 'Who am I',
      description:
        'Tells what this server knows of you: the user and the client that the access token was issued ' +
        'to, its scope, its audience and its end.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    () =>
      structured({
        authenticated_by:
          caller.kind === 'oauth' ? 'access token' : caller.kind === 'bearer' ? 'bearer token' : 'nothing',
        sub: caller.sub,
        client_id: caller.clientId,
        issuer: caller.issuer,
        scope: [...caller.scope],
        audience: [...caller.audience],
        expires_at: caller.expiresAt === null ? null : new Date(caller.expiresAt).toISOString(),
        key_bound: caller.bound,
      }),
  );
};
