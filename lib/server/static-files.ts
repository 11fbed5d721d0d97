/** Files that browsers fetch with a page: as small as they get, and with no headers that only documents need. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const unpack = promisify(brotliDecompress);
const zip = promisify(gzip);

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

type Encoding = 'br' | 'gzip' | 'identity';

interface Sent {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** @returns null if there is no such file */
async function load(dir: string, path: string, encoding: Encoding): Promise<Sent | null> {
  const type = { 'Content-Type': TYPES[extname(path)]! };
  const small = {
    ...type,
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    Vary: 'Accept-Encoding',
  };
  if (BUILT.test(path)) {
    // Compressed with the build (`scripts/lib/browser-files.mjs`). The name holds a digest of what the file says.
    // The package holds it in this form alone.
    const packed = await read(join(dir, '.next', `${path.slice('/_next/'.length)}.br`));
    const bytes = packed && (await inEncoding(packed, encoding));
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

/** @param packed compressed with Brotli */
async function inEncoding(packed: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return packed;
  const whole = await unpack(packed);
  return encoding === 'gzip' ? zip(whole) : whole;
}

/** How a file goes out to this reader; null: Next sends it. */
function encodingFor(path: string, accepts: string): Encoding | null {
  if (FACE.test(path)) return 'identity';
  if (/\bbr\b/.test(accepts)) return 'br';
  if (!BUILT.test(path)) return null;
  return /\bgzip\b/.test(accepts) ? 'gzip' : 'identity';
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
    const encoding = encodingFor(path, String(request.headers['accept-encoding'] ?? ''));
    if (encoding === null) return false;
    const key = `${encoding} ${path}`;
    const loading = known.get(key) ?? load(dir, path, encoding);
    const file = await loading;
    // What is not there may be asked for under any name: only files are kept.
    if (file === null) return false;
    known.set(key, loading);
    const isKept = file.headers.ETag !== undefined && request.headers['if-none-match'] === file.headers.ETag;
    response.writeHead(isKept ? 304 : 200, {
      ...file.headers,
      ...(isKept ? {} : { 'Content-Length': file.bytes.byteLength }),
    });
    response.end(isKept || request.method === 'HEAD' ? undefined : file.bytes);
    return true;
  };
}
