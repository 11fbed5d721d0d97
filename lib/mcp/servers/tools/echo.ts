import { z } from 'zod';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

const input = toolSchema(z.object({ text: z.string().max(4096).describe('What to give back') }));
const output = toolSchema(z.object({ text: z.string() }));

/** `echo`: gives a text back. */
export const echo: RegisterTool = (server) => {
  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Gives back the text that it gets.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ text }) => ({ content: [{ type: 'text', text }], structuredContent: { text } }),
  );
};
