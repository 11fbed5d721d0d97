/** Compresses what a build made for browsers, once and thoroughly; `lib/server/static-files.ts` sends it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

/**
 * Writes `FILE.br` beside each script and style sheet.
 * @param {string} folder `static` of a build
 */
export function compressStatic(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.(?:js|css)$/.test(name)) continue;
    const path = join(folder, name);
    writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
  }
}
