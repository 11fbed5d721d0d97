import { z } from 'zod';
import type { RegisterTool } from './tool.ts';

/** `echo`: gives a text back. */
export const echo: RegisterTool = (server) => {
  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Gives back the text that it gets.',
      inputSchema: z.object({ text: z.string().max(4096).describe('What to give back') }),
      outputSchema: z.object({ text: z.string() }),
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ text }) => ({ content: [{ type: 'text', text }], structuredContent: { text } }),
  );
};
