/**
 * `npm run styles`: makes public/consent.css, the style of the pages that the engine renders itself, of the same
 * sheets as the other pages have. With `--check` it only says whether the file is as it should be.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './lib/toolchain.mjs';

const require = createRequire(join(root, 'package.json'));
const tailwind = require('@tailwindcss/postcss');
// The copy that the plugin itself was made for.
const postcss = createRequire(require.resolve('@tailwindcss/postcss'))('postcss');

const from = join(root, 'lib', 'pages', 'styles.css');
const to = join(root, 'public', 'consent.css');
const { css } = await postcss([tailwind({ base: root, optimize: { minify: true } })]).process(
  readFileSync(from, 'utf8'),
  { from, to },
);
const text = `/* Made by npm run styles. */\n${css.trim()}\n`;

if (!process.argv.includes('--check')) writeFileSync(to, text);
else if (readFileSync(to, 'utf8') !== text) {
  console.error('public/consent.css is not what its sources give: npm run styles makes it anew.');
  process.exit(1);
}
