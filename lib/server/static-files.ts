/** Files that browsers fetch with a page: as small as they get, and with no headers that only documents need. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

const brotli = promisify(brotliCompress);

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** A script or style sheet of the build: no segment of its path begins with a dot. */
const BUILT = /^\/_next\/static\/(?:[\w~-][\w.~-]*\/)*[\w~-][\w.~-]*\.(?:css|js)$/;
/** A file of `public/`. */
const PUBLIC = /^\/[a-z0-9-]+\.(?:css|js|svg)$/;
const ICON = '/icon.svg';
const FACE = /^\/fonts\/[a-z0-9-]+\.woff2$/;

interface Sent {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** @returns null if there is no such file */
async function load(dir: string, path: string): Promise<Sent | null> {
  const type = { 'Content-Type': TYPES[extname(path)]! };
  const small = { ...type, 'Content-Encoding': 'br', Vary: 'Accept-Encoding' };
  if (BUILT.test(path)) {
    // Compressed with the build (`scripts/lib/compress.mjs`). The name holds a digest of what the file says.
    const bytes = await read(join(dir, '.next', `${path.slice('/_next/'.length)}.br`));
    return bytes && { bytes, headers: { ...small, 'Cache-Control': 'public, max-age=31536000, immutable' } };
  }
  // The mark of the site lies where Next looks for it.
  const whole = await read(path === ICON ? join(dir, 'app', 'icon.svg') : join(dir, 'public', path));
  if (whole === null) return null;
  const tagged = { ETag: `"${createHash('sha256').update(whole).digest('base64url').slice(0, 16)}"` };
  if (FACE.test(path)) {
    // The pages in the middle of a protocol have no origin (`sandbox`), and faces are fetched with CORS.
    const cache = { 'Cache-Control': 'public, max-age=604800', 'Access-Control-Allow-Origin': '*' };
    return { bytes: whole, headers: { ...type, ...tagged, ...cache } };
  }
  const cache = path === ICON ? 'public, max-age=86400' : 'public, max-age=0';
  return { bytes: await brotli(whole), headers: { ...small, ...tagged, 'Cache-Control': cache } };
}

const read = (file: string): Promise<Buffer | null> => readFile(file).catch(() => null);

/**
 * Sends scripts, style sheets and faces.
 * @param dir where the pages were built
 * @returns a function that says whether it has answered; if not, Next does
 */
export function staticFiles(dir: string): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const known = new Map<string, Promise<Sent | null>>();
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (!BUILT.test(path) && !PUBLIC.test(path) && !FACE.test(path)) return false;
    if (!FACE.test(path) && !/\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''))) return false;
    const loading = known.get(path) ?? load(dir, path);
    const file = await loading;
    // What is not there may be asked for under any name: only files are kept.
    if (file === null) return false;
    known.set(path, loading);
    const isKept = file.headers.ETag !== undefined && request.headers['if-none-match'] === file.headers.ETag;
    response.writeHead(isKept ? 304 : 200, {
      ...file.headers,
      ...(isKept ? {} : { 'Content-Length': file.bytes.byteLength }),
    });
    response.end(isKept || request.method === 'HEAD' ? undefined : file.bytes);
    return true;
  };
}
