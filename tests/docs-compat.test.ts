/** Each row of the pages that set this server beside others names a test that shows it, and that test exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', 'docs', 'compat');

/** Sets another suite beside the report, verdict by verdict: its rows are no claims about this server. */
const VERDICTS = 'conformance-clients.md';

/** What `tests/coach/beside-suite.mjs` compares with. */
const BESIDE = JSON.parse(readFileSync(join(import.meta.dirname, 'coach/beside-known.json'), 'utf8')) as Record<
  string,
  Record<string, { readonly because: string }>
>;

test.each(Object.keys(BESIDE))('each difference to the suite with %s is explained', (client) => {
  const page = readFileSync(join(folder, VERDICTS), 'utf8');
  for (const [scenario, { because }] of Object.entries(BESIDE[client]!)) {
    expect(because, scenario).not.toBe('');
    if (scenario !== 'everywhere') expect(page, scenario).toContain(`\`${scenario}\``);
  }
});

/** What stands before a title. In `test.each` the first cell of a row may be the title. */
const BEFORE = /(?:\b(?:it|test|describe)(?:\.\w+)*\(|\w*[rR]equirement\(|\)\(|\[)\s*/;
const TITLE = new RegExp(`${BEFORE.source}(['"\`])(.+?)(?<!\\\\)\\1`, 'g');

/** Titles of the tests and groups of a file. */
const titlesIn = (text: string): string[] =>
  [...text.matchAll(TITLE)].map(([, , title]) => title!.replaceAll(/\\(.)/g, '$1'));

/** A title may end before its parameters or its requirement. */
const beginning = (title: string): RegExp => new RegExp(`^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);

const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== VERDICTS);

/** The line below the heads of a table. */
const isRule = (line: string) => /^\|[\s|-]+\|$/.test(line);

describe.each(pages)('docs/compat/%s', (name) => {
  const path = join(folder, name);
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line, at, all) => line.startsWith('|') && !isRule(line) && !isRule(all[at + 1] ?? ''))
    .map((line) => line.split('|').slice(1, -1));

  test('has rows', () => expect(rows.length).toBeGreaterThan(5));

  test.each(rows)('%s', (...cells) => {
    const links = [...cells.at(-1)!.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, title, target] of links) {
      const file = join(dirname(path), target!);
      expect(existsSync(file), target).toBe(true);
      expect(titlesIn(readFileSync(file, 'utf8')), target).toContainEqual(expect.stringMatching(beginning(title!)));
    }
  });
});
