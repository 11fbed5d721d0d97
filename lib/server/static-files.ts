/** Scripts and style sheets as the build left them beside themselves: compressed with Brotli, once and thoroughly. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
/** A file of the build: no segment of it begins with a dot. */
const PATH = /^\/_next\/static\/(?:[\w~-][\w.~-]*\/)*[\w~-][\w.~-]*\.(?:css|js)$/;
/** Its name holds a digest of what it says. */
const CACHE = 'public, max-age=31536000, immutable';

/**
 * Sends the files of a build that were compressed with it (`scripts/lib/compress.mjs`).
 * @param dir where the pages were built
 * @returns a function that says whether it has answered; if not, Next does
 */
export function staticFiles(dir: string): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const read = new Map<string, Promise<Buffer | null>>();
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (!PATH.test(path) || !/\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))) return false;
    let bytes = read.get(path);
    if (bytes === undefined) {
      bytes = readFile(join(dir, '.next', `${path.slice('/_next/'.length)}.br`)).catch(() => null);
      // What is not there may be asked for under any name: only files are kept.
      if ((await bytes) !== null) read.set(path, bytes);
    }
    const found = await bytes;
    if (found === null) return false;
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)]!,
      'Content-Encoding': 'br',
      'Content-Length': found.byteLength,
      'Cache-Control': CACHE,
      Vary: 'Accept-Encoding',
    });
    response.end(request.method === 'HEAD' ? undefined : found);
    return true;
  };
}
