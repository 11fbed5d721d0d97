/**
 * Makes the faces in `public/fonts` from the @fontsource packages: only the characters that English
 * and the protocols need, and only the weights that the tokens name, so that the first page stays
 * small. Characters outside of these fall back to the reader's own fonts.
 *
 * Run after one of the packages changed:
 *   npm i --no-save subset-font@2.9.0 && node scripts/fonts.mjs
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const subset = require('subset-font');
const root = new URL('..', import.meta.url);

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(32 + i)).join('');
const print = '\u00a0§°·×–—‘’“”…é';
const prose = ['kern', 'liga', 'lnum', 'tnum', 'pnum', 'mark', 'ccmp'];
const faces = [
  { from: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2', to: 'serif', text: ascii + print,
    axes: { wght: { min: 370, max: 640 }, opsz: 17 }, features: prose },
  { from: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2', to: 'serif-display', text: ascii + print,
    axes: { wght: { min: 340, max: 380 }, opsz: 48 }, features: ['kern', 'liga'] },
  { from: '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-italic.woff2', to: 'serif-italic', text: ascii + print,
    axes: { wght: 390, opsz: 18 }, features: prose },
  { from: '@fontsource-variable/instrument-sans/files/instrument-sans-latin-standard-normal.woff2', to: 'sans', text: ascii + print,
    axes: { wght: { min: 400, max: 600 }, wdth: 100 }, features: prose },
  { from: '@fontsource/commit-mono/files/commit-mono-latin-400-normal.woff2', to: 'mono', text: `${ascii + print}→`, features: [] },
  { from: '@fontsource/commit-mono/files/commit-mono-latin-600-normal.woff2', to: 'mono-strong', text: ascii + print, features: [] },
];

await mkdir(new URL('public/fonts/', root), { recursive: true });
for (const { from, to, text, axes, features } of faces) {
  const whole = await readFile(new URL(`node_modules/${from}`, root));
  const part = await subset(whole, text, { targetFormat: 'woff2', variationAxes: axes, keepFeatures: features });
  await writeFile(new URL(`public/fonts/${to}.woff2`, root), part);
  console.log(`${to.padEnd(14)} ${String(whole.length).padStart(7)} -> ${String(part.length).padStart(6)} bytes`);
}
