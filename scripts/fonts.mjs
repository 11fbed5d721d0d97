/**
 * Makes the faces in `public/fonts` from the @fontsource packages, so small that the first page may
 * have them all: one file with the letters that English prose needs and, beside it, one with the
 * other characters of ASCII and Latin 1, which a browser fetches only where one of them occurs
 * (`unicode-range` in app/styles/fonts.css). Only the weights and optical sizes that the tokens name
 * are kept; kerning where text is read.
 *
 * Run after one of the packages changed:
 *   npm i --no-save subset-font@2.9.0 && node scripts/fonts.mjs
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const subset = require('subset-font');
const root = new URL('..', import.meta.url);

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
const prose = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;?!()-/_+\u00a0·–…‘’“”§';
const ascii = range(0x20, 0x7e);
const others = `${[...`${ascii}${range(0xa1, 0xff)}`].filter((c) => !prose.includes(c)).join('')}—→↵`;

const serif = '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-normal.woff2';
const italic = '@fontsource-variable/source-serif-4/files/source-serif-4-latin-opsz-italic.woff2';
const sans = '@fontsource-variable/instrument-sans/files/instrument-sans-latin-standard-normal.woff2';
const mono = '@fontsource/commit-mono/files/commit-mono-latin-400-normal.woff2';
const strong = '@fontsource/commit-mono/files/commit-mono-latin-600-normal.woff2';

const faces = [
  { name: 'serif', from: serif, axes: { wght: { min: 370, max: 640 }, opsz: 17 }, features: ['kern'] },
  { name: 'serif-display', from: serif, axes: { wght: 370, opsz: 48 }, features: ['kern'] },
  { name: 'serif-italic', from: italic, axes: { wght: 390, opsz: 18 } },
  { name: 'sans', from: sans, axes: { wght: { min: 430, max: 600 }, wdth: 100 }, features: ['tnum'] },
  { name: 'mono', from: mono, core: `${ascii}\u00a0…` },
  { name: 'mono-strong', from: strong, core: `${ascii}\u00a0…` },
];

await mkdir(new URL('public/fonts/', root), { recursive: true });
for (const { name, from, axes, core = prose, features = [] } of faces) {
  const whole = await readFile(new URL(`node_modules/${from}`, root));
  for (const [to, characters] of [
    [name, core],
    [`${name}-more`, core === prose ? others : null],
  ]) {
    if (characters === null) continue;
    const part = await subset(whole, characters, {
      targetFormat: 'woff2',
      variationAxes: axes,
      keepFeatures: features,
    });
    await writeFile(new URL(`public/fonts/${to}.woff2`, root), part);
    console.log(`${to.padEnd(18)} ${String(part.length).padStart(6)} bytes`);
  }
}
