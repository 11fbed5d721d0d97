/** The documents of the kit: each snippet of code stands in an example that is run, and each link leads somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const documents = ['docs/testing.md', 'docs/cookbook.md', 'docs/comparison.md', 'README.md'];

/** All lines of the examples, without their indentation. */
function linesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs|js)$/.test(name))
    .map((name) => plain(readFileSync(join(folder, name), 'utf8')));
}
const plain = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
const examples = linesOf(join(root, 'examples'));

const snippets = documents.flatMap((name) =>
  [...readFileSync(join(root, name), 'utf8').matchAll(/```(?:ts|js)\n([\s\S]*?)```/g)].map(
    ([, code], index) => [`${name} ${index + 1}`, plain(code!).trim()] as const,
  ),
);

test.each(snippets)('%s is code that an example runs', (_, code) => {
  expect(
    examples.some((example) => example.includes(code)),
    code,
  ).toBe(true);
});

test('the three tests of the comparison take at most half the lines of the same with the other mock', () => {
  const [ours, theirs] = ['authwalk', 'oauth2-mock-server'].map(
    (name) =>
      plain(readFileSync(join(root, 'examples', 'comparison', `${name}.test.ts`), 'utf8'))
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('//')).length,
  );
  expect(ours! * 2).toBeLessThanOrEqual(theirs!);
});

const links = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    [
      ...readFileSync(join(root, 'docs', name), 'utf8').matchAll(/\]\(((?!https?:|#|mailto:|<)[^)#\s]+)(?:#[^)]*)?\)/g),
    ].map(([, target]) => [name, target!] as const),
  );

test.each(links)('the link in docs/%s to %s leads to a file', (name, target) => {
  expect(target.startsWith('/') || existsSync(join(root, 'docs', dirname(name), target))).toBe(true);
});
