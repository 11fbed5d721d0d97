/** The pages: Next, prepared in the background while the protocol is served already. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { asksForDocument, sendDocument } from './documents.ts';
import { staticFiles } from './static-files.ts';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface PagesOptions {
  readonly dir: string;
  readonly dev: boolean;
  readonly server: Server;
  readonly port: number;
  readonly log: (message: string, error?: unknown) => void;
}

/**
 * Starts Next.
 * @returns a handler that waits until the pages are ready
 */
export function startPages({ dir, dev, server, port, log }: PagesOptions): PageHandler {
  const ready = (async () => {
    const { default: next } = await import('next');
    // The types of a CommonJS package under `verbatimModuleSyntax`: the default export is the module.
    const create = (
      typeof next === 'function' ? next : (next as { default: typeof next }).default
    ) as typeof import('next').default;
    const app = create({ dev, dir, httpServer: server, hostname: 'localhost', port });
    await app.prepare();
    return app.getRequestHandler();
  })();
  ready.catch((error: unknown) => log('the pages could not be prepared', error));
  const sendFile = staticFiles(dir);
  return async (request, response) => {
    const handle = await ready;
    if (dev) return void (await handle(request, response));
    if (await sendFile(request, response)) return;
    if (asksForDocument(request)) await sendDocument(request, response, handle);
    else await handle(request, response);
  };
}
