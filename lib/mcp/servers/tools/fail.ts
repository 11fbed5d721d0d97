import { z } from 'zod';
import { failed } from './result.ts';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

const input = toolSchema(
  z.object({
    message: z.string().min(1).max(500).default('This tool always fails.').describe('What to fail with'),
  }),
);

/** `fail`: a tool that always fails, so that one can see how a client shows it. */
export const fail: RegisterTool = (server) => {
  server.registerTool(
    'fail',
    {
      title: 'Fail',
      description:
        'Always fails, with the message that it gets. The call itself succeeds: the failure stands in ' +
        'the result (isError).',
      inputSchema: input,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ message }) => failed(message),
  );
};
