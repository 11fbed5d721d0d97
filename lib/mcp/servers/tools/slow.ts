import type { ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { failed, structured } from './result.ts';
import { toolSchema } from './schema.ts';
import type { RegisterTool } from './tool.ts';

/** Slow calls that one sandbox may have waiting at once. */
const MAX_WAITING = 20;
/** Seconds that a call takes at most. */
const MAX_SECONDS = 30;

// Modules can be loaded twice in one process; the count is one.
const shared = globalThis as { authwalkSlowCalls?: Map<string, number> };
shared.authwalkSlowCalls ??= new Map();
const waiting = shared.authwalkSlowCalls;

/** Waits, or ends early if the caller cancels. @returns whether the time passed */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const stop = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function report(extra: ServerContext, progress: number, total: number): Promise<void> {
  const progressToken = extra.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await extra.mcpReq.notify({
    method: 'notifications/progress',
    params: { progressToken, progress, total, message: `Step ${progress} of ${total}` },
  });
}

const input = toolSchema(
  z.object({
    seconds: z.number().min(0).max(MAX_SECONDS).default(3).describe('How long it takes'),
    steps: z.number().int().min(1).max(30).default(3).describe('In how many steps it reports'),
  }),
);
const output = toolSchema(z.object({ seconds: z.number(), steps: z.number(), cancelled: z.boolean() }));

/** `slow`: takes its time, says how far it is, and can be cancelled. */
export const slow: RegisterTool = (server, { ctx }) => {
  server.registerTool(
    'slow',
    {
      title: 'Slow',
      description:
        `Takes a while, ${MAX_SECONDS} seconds at most, and reports its progress where the request carries ` +
        'a progress token. Can be cancelled.',
      inputSchema: input,
      outputSchema: output,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async ({ seconds, steps }, extra) => {
      const { sandboxId } = ctx.tenant;
      const others = waiting.get(sandboxId) ?? 0;
      if (others >= MAX_WAITING)
        return failed(`${MAX_WAITING} slow calls are waiting already, which is as many as a sandbox may have.`);
      waiting.set(sandboxId, others + 1);
      try {
        await report(extra, 0, steps);
        for (let step = 1; step <= steps; step++) {
          if (!(await pause((seconds * 1000) / steps, extra.mcpReq.signal)))
            return structured({ seconds, steps: step - 1, cancelled: true });
          await report(extra, step, steps);
        }
        return structured({ seconds, steps, cancelled: false });
      } finally {
        const left = (waiting.get(sandboxId) ?? 1) - 1;
        if (left > 0) waiting.set(sandboxId, left);
        else waiting.delete(sandboxId);
      }
    },
  );
};
