import { z } from 'zod';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

const input = toolSchema(z.object({ a: z.number(), b: z.number() }));
const output = toolSchema(z.object({ sum: z.number() }));

/** `add`: adds two numbers. */
export const add: RegisterTool = (server) => {
  server.registerTool(
    'add',
    {
      title: 'Add',
      description: 'Adds two numbers.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ a, b }) => {
      const sum = a + b;
      return { content: [{ type: 'text', text: String(sum) }], structuredContent: { sum } };
    },
  );
};
