/**
 * Who may import whom. The rules stand beside each room, in its file `DEPS`; docs/decisions/0012 says why.
 */
import { describe, expect, it, test } from 'vitest';
import {
  circlesOf,
  fileCircles,
  forbiddenImports,
  readTree,
  roomCircles,
  rulesOf,
  specifiersOf,
  twins,
} from './lib/imports.ts';
import { allLongFiles, allLongLines, isLongFile, longLines } from './lib/width.ts';

const tree = readTree(new URL('..', import.meta.url).pathname);
const shown = (circle: readonly string[]): string => circle.join(' <-> ');

describe('the rooms of this repository', () => {
  it('import only what their DEPS allows', () => {
    expect(forbiddenImports(tree).map(({ from, to, rooms }) => `${rooms}: ${from} imports ${to}`)).toEqual([]);
  });

  it('have no circle: neither by their DEPS nor by what they import', () => {
    const allowed = new Map(
      [...rulesOf(tree)]
        .filter(([, { anything }]) => !anything)
        .map(([room, { rooms }]) => [room, new Set(rooms.map((path) => path.split('/').slice(0, 2).join('/')))]),
    );
    expect(circlesOf(allowed).map(shown)).toEqual([]);
    expect(roomCircles(tree).map(shown)).toEqual([]);
  });

  it('have no circle between the files of one room', () => {
    expect(fileCircles(tree).map(shown)).toEqual([]);
  });

  it('have no two code files that differ only in their extension', () => {
    expect(twins(tree)).toEqual([]);
  });
});

describe('lines', () => {
  it('have at most 120 columns', () => {
    expect(allLongLines()).toEqual([]);
  });

  const long = 'word '.repeat(25);
  it.each([
    ['a.ts', long, 1],
    ['a.md', long, 1],
    ['a.md', `| ${long} |`, 0],
    ['a.md', `\`\`\`sh\n${long}\n\`\`\``, 0],
    ['a.md', `\`\`\`sh\nls\n\`\`\`\n${long}`, 1],
    ['a.md', `[${long}](https://example.com/)`, 0],
    ['a.ts', 'é'.repeat(120), 0],
  ])('of %s: %j has %i', (path, text, count) => {
    expect(longLines(path, text)).toHaveLength(count);
  });
});

describe('files of code', () => {
  it('have at most 350 lines', () => {
    expect(allLongFiles()).toEqual([]);
  });

  it.each([
    ['lib/a.ts', 350, false],
    ['lib/a.ts', 351, true],
    ['app/a.tsx', 351, true],
    ['lib/a.test.ts', 351, false],
    ['tests/lib/a.ts', 351, false],
    ['kit/testing/index.ts', 351, true],
    ['lib/a.yaml', 351, false],
  ])('%s with %i lines: too long is %s', (path, lines, expected) => {
    expect(isLongFile(path, 'a\n'.repeat(lines))).toBe(expected);
  });
});

describe('the check itself', () => {
  const rules: readonly (readonly [string, string])[] = [
    ['lib/spec/DEPS', 'pure\nnode lib/spec/load.ts'],
    ['lib/store/DEPS', 'lib/spec\npackage kysely'],
    ['lib/oauth/DEPS', 'lib/store\nlib/spec'],
    ['lib/http/DEPS', 'lib/oauth\nlib/store\nlib/spec'],
    ['lib/server/DEPS', 'lib/http # wires everything\nlib/oauth\nlib/store'],
    ['app/DEPS', 'lib/server/views\npackage next'],
    ['lib/spec/clauses.ts', ''],
    ['lib/store/store.ts', ''],
    ['lib/oauth/errors.ts', ''],
    ['lib/oauth/errors.test.ts', ''],
    ['lib/http/app.ts', ''],
    ['lib/server/views/home.ts', ''],
    ['lib/server/container.ts', ''],
  ];
  const judged = (path: string, source: string): string[] =>
    forbiddenImports(new Map([...rules, [path, source]])).map(({ rooms }) => rooms);

  test.each([
    ['an upward import', 'lib/oauth/a.ts', "import { app } from '#lib/http/app.ts';", 'lib/oauth -> lib/http'],
    ['an upward import by a relative path', 'lib/oauth/g/a.ts', "import '../../http/app.ts';", 'lib/oauth -> lib/http'],
    ['import()', 'lib/oauth/a.ts', "await import('#lib/http/app.ts');", 'lib/oauth -> lib/http'],
    ['import type', 'lib/oauth/a.ts', "import type { A } from '#lib/http/app.ts';", 'lib/oauth -> lib/http'],
    ['import() as a type', 'lib/oauth/a.ts', "let a: import('#lib/http/app.ts').A;", 'lib/oauth -> lib/http'],
    ['export … from', 'lib/oauth/a.ts', "export * from '#lib/http/app.ts';", 'lib/oauth -> lib/http'],
    ['export { } from', 'lib/oauth/a.ts', "export { a } from '#lib/http/app.ts';", 'lib/oauth -> lib/http'],
    ['import = require()', 'lib/oauth/a.ts', "import a = require('#lib/http/app.ts');", 'lib/oauth -> lib/http'],
    ['node: in a pure room', 'lib/spec/a.ts', "import { readFileSync } from 'node:fs';", 'lib/spec -> node:'],
    ['a builtin without node:', 'lib/spec/a.ts', "import fs from 'fs';", 'lib/spec -> node:'],
    ['a framework in the domain', 'lib/oauth/a.ts', "import { useState } from 'react';", 'lib/oauth -> package react'],
    ['a part of a framework', 'lib/oauth/a.ts', "import 'next/server';", 'lib/oauth -> package next'],
    ['a driver outside of the store', 'lib/oauth/a.ts', "import { sql } from 'kysely';", 'lib/oauth -> package kysely'],
    ['another part of a room', 'app/a.tsx', "import '#lib/server/container.ts';", 'app -> lib/server'],
    ['a test file', 'lib/oauth/a.ts', "import './errors.test.ts';", 'lib/oauth -> lib/oauth'],
    ['a room without DEPS', 'lib/new/a.ts', "import '#lib/spec/clauses.ts';", 'lib/new has no DEPS'],
  ])('refuses %s', (_, path, source, line) => {
    expect(judged(path, source)).toEqual([line]);
  });

  test.each([
    ['downwards', 'lib/http/a.ts', "import '#lib/oauth/errors.ts'; import type { S } from '#lib/store/store.ts';"],
    ['a driver in the store', 'lib/store/a.ts', "import { sql } from 'kysely';"],
    ['node: in the named file of a pure room', 'lib/spec/load.ts', "import 'node:fs';"],
    ['the allowed part of a room', 'app/a.tsx', "import '#lib/server/views/home.ts'; import 'next/link';"],
    ['anything in a test', 'lib/oauth/a.test.ts', "import '#lib/http/app.ts';"],
    [
      'a specifier in a comment or a text',
      'lib/oauth/a.ts',
      "// import '#lib/http/app.ts'\nconst a = 'import(\"react\")';",
    ],
  ])('allows %s', (_, path, source) => {
    expect(judged(path, source)).toEqual([]);
  });

  it('finds every import of a file once', () => {
    expect(specifiersOf('a.ts', "import type { A } from './b.ts';\nexport type { C } from './c.ts';")).toEqual([
      './b.ts',
      './c.ts',
    ]);
  });

  it('finds circles between files of a room, of types too, and between rooms', () => {
    const files = new Map([
      ['lib/a/one.ts', "import type { Two } from './two.ts';"],
      ['lib/a/two.ts', "export * from './three.ts';"],
      ['lib/a/three.ts', "const one = await import('./one.ts');\nimport '#lib/b/four.ts';"],
      ['lib/b/four.ts', "import type { One } from '#lib/a/one.ts';"],
    ]);
    expect(fileCircles(files).map(shown)).toEqual(['lib/a/one.ts <-> lib/a/three.ts <-> lib/a/two.ts']);
    expect(roomCircles(files).map(shown)).toEqual(['lib/a <-> lib/b']);
  });

  it('finds two files that differ only in their extension', () => {
    expect(
      twins(
        new Map([
          ['a/view.ts', ''],
          ['a/view.tsx', ''],
          ['a/view.css', ''],
        ]),
      ),
    ).toEqual(['a/view.tsx']);
  });
});
