/** The files that the engine's own pages need, for a server without Next: style sheets, faces, the mark. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** One name, or one below `fonts`: nothing that leads out of the folder. */
const PATH = /^\/(?:fonts\/)?[a-z0-9-]+\.(?:css|js|svg|woff2)$/;

/** `public/` of the clone, or of the package, where this file lies in `web/dist`; null inside Next's own bundles. */
function publicFolder(): string | null {
  const here: string | undefined = import.meta.dirname;
  if (here === undefined) return null;
  const folders = [join(here, '..', '..', 'public'), join(here, '..', 'public')];
  return folders.find((path) => existsSync(join(path, 'consent.css'))) ?? null;
}
let folder: string | null | undefined;

/**
 * The file at a path.
 * @returns null if there is none, or the path is no file of this kind
 */
export async function asset(pathname: string): Promise<Response | null> {
  if (!PATH.test(pathname)) return null;
  folder ??= publicFolder();
  if (folder === null) return null;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await readFile(join(folder, pathname)));
  } catch {
    return null;
  }
  return new Response(bytes, {
    headers: {
      'Content-Type': TYPES[extname(pathname)]!,
      'Cache-Control': 'public, max-age=3600',
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
