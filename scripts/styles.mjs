/**
 * `npm run styles`: makes public/consent.css, the style of the pages that the engine renders itself, of the same
 * sheets as the other pages have, and public/leaders.js of components/exchange/leaders.ts. With `--check` it only says
 * whether the files are as they should be.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
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
const script = stripTypeScriptTypes(readFileSync(join(root, 'components', 'exchange', 'leaders.ts'), 'utf8'))
  .replaceAll(/^export /gm, '')
  .replaceAll(/^\s*(?:\/?\*.*|\/\/.*)?\n/gm, '')
  // Where a type stood, spaces are left.
  .replaceAll(/(?<=\S) {2,}(?=\S)/g, ' ');

const made = [
  [to, `/* Made by npm run styles. */\n${css.trim()}\n`],
  [
    join(root, 'public', 'leaders.js'),
    `// Made by npm run styles of components/exchange/leaders.ts.\n{\n${script}\n` +
      "for (const score of document.querySelectorAll('.score')) watchLeaders(score);\n}\n",
  ],
];

for (const [path, text] of made) {
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is not what its sources give: npm run styles makes it anew.`);
    process.exit(1);
  }
}
