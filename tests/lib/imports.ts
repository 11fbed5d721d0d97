/**
 * Reads which file imports which, and judges it by the `DEPS` file beside each room.
 *
 * A `DEPS` file has one entry a line; `#` begins a comment:
 * - `lib/store` or `lib/server/views`: a room, or a folder or file of one, that may be imported;
 * - `package kysely`: a framework or a database driver that may be imported;
 * - `pure`: the room runs in a browser and in a worker, so it imports nothing from `node:`;
 * - `node lib/guide/load.ts`: this one file of a pure room may import from `node:`;
 * - `anything`: no rule (tests and journeys).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

/** Packages that a room imports only where its `DEPS` names them: frameworks and database drivers. */
const GUARDED_PACKAGES: ReadonlySet<string> = new Set([
  '@base-ui/react',
  '@hono/node-server',
  '@tanstack/react-virtual',
  'kysely',
  'next',
  'pg',
  'react',
  'react-dom',
]);

/** Folders that hold one room each; every other folder at the top is a room itself. */
const HOLDS_ROOMS = 'lib';
const SKIPPED: ReadonlySet<string> = new Set([
  'node_modules',
  '.next',
  '.next-package',
  'dist',
  '.git',
  '.data',
  'public',
  'test-results',
]);
const CODE = /\.(?:ts|tsx|mts|js|mjs|jsx)$/;
const TEST = /(?:\.test\.tsx?$|(?:^|\/)testing\.ts$|^lib\/testing\/)/;

/** One source file by its path from the root, with its text. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** Path of the file in the tree, `node:…`, or the name of a package. */
  readonly to: string;
  readonly room: string;
}

export interface Rules {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly pure: boolean;
  /** Files of a pure room that may import from `node:`. */
  readonly node: readonly string[];
  readonly anything: boolean;
}

/** The source files below a folder. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (CODE.test(entry.name) || entry.name === 'DEPS') tree.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  visit('');
  return tree;
}

/** The room that a file belongs to: `lib/oauth`, `components`; a file at the top is a room of its own. */
export function roomOf(path: string): string {
  const [first = '', second = '', third] = path.split('/');
  return first === HOLDS_ROOMS && third !== undefined ? `${first}/${second}` : first;
}

/** Whether a file is a test or a helper of tests: it may import anything, and no other file may import it. */
export function isTest(path: string): boolean {
  return TEST.test(path);
}

/** Reads one `DEPS` file. @throws on a line that is no entry */
export function parseRules(text: string): Rules {
  const rooms: string[] = [];
  const packages: string[] = [];
  const node: string[] = [];
  let pure = false;
  let anything = false;
  for (const line of text.split('\n')) {
    const entry = line.replace(/#.*/, '').trim();
    if (entry === '') continue;
    if (entry === 'pure') pure = true;
    else if (entry === 'anything') anything = true;
    else if (entry.startsWith('package ')) packages.push(entry.slice('package '.length).trim());
    else if (entry.startsWith('node ')) node.push(entry.slice('node '.length).trim());
    else if (/^[a-z][\w./()-]*$/.test(entry)) rooms.push(entry);
    else throw new Error(`DEPS: not an entry: ${line}`);
  }
  return { rooms, packages, pure, node, anything };
}

/** The rules of every room that has a `DEPS` file. */
export function rulesOf(tree: Tree): ReadonlyMap<string, Rules> {
  const rules = new Map<string, Rules>();
  for (const [path, text] of tree) {
    if (path === 'DEPS') for (const [file, own] of rulesOfTopFiles(text)) rules.set(file, own);
    else if (path.endsWith('/DEPS')) rules.set(path.slice(0, -'/DEPS'.length), parseRules(text));
  }
  return rules;
}

/** The file `DEPS` at the top holds the rules of the files at the top: `[server.ts]`, then its entries. */
function rulesOfTopFiles(text: string): [string, Rules][] {
  return text
    .split(/^\[/m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf(']');
      return [section.slice(0, end), parseRules(section.slice(end + 1))];
    });
}

/** Every import of a tree: `import`, `import()`, `export … from`, `import type` and `import('…')` as a type. */
export function importsOf(tree: Tree): Import[] {
  const imports: Import[] = [];
  for (const [path, text] of tree) {
    if (!CODE.test(path)) continue;
    for (const specifier of specifiersOf(path, text)) {
      const to = resolveImport(tree, path, specifier);
      if (to !== null) imports.push({ from: path, to, room: roomOf(path) });
    }
  }
  return imports;
}

/** The specifiers that a file imports, in every form that the language has. */
export function specifiersOf(path: string, text: string): string[] {
  const lang = path.endsWith('x') ? 'tsx' : 'ts';
  const { program, errors } = parseSync(path, text, { lang, sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const inner of node) visit(inner);
      return;
    }
    const { source, type, expression } = node as { source?: unknown; type?: unknown; expression?: unknown };
    if (typeof type === 'string' && /^(?:Import|Export|TSImport)/.test(type)) addLiteral(found, source);
    if (type === 'TSExternalModuleReference') addLiteral(found, expression);
    for (const inner of Object.values(node)) if (typeof inner === 'object') visit(inner);
  };
  visit(program);
  return found;
}

function addLiteral(found: string[], node: unknown): void {
  const value = (node as { value?: unknown } | null | undefined)?.value;
  if (typeof value === 'string') found.push(value);
}

/** Where a specifier leads: a file of the tree, `node:…` or a package; null for what is no code (styles, data). */
function resolveImport(tree: Tree, from: string, specifier: string): string | null {
  if (builtinModules.includes(specifier) || specifier.startsWith('node:'))
    return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  const path = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? posix.join(posix.dirname(from), specifier)
      : null;
  if (path === null) return packageName(specifier);
  if (/\.(?:css|json|yaml|svg)$/.test(path)) return null;
  for (const tried of [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`]) if (tree.has(tried)) return tried;
  return path;
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** A line for each import that the rules of its room do not allow. */
export function forbiddenImports(tree: Tree): { from: string; to: string; rooms: string }[] {
  const rules = rulesOf(tree);
  const found: { from: string; to: string; rooms: string }[] = [];
  for (const { from, to, room } of importsOf(tree)) {
    const own = rules.get(room);
    if (own?.anything || isTest(from)) continue;
    const target = to.includes('/') || tree.has(to) ? roomOf(to) : to;
    const name = to.startsWith('node:') ? 'node:' : isPackage(tree, to) ? `package ${to}` : target;
    if (own === undefined) found.push({ from, to, rooms: `${room} has no DEPS` });
    else if (!mayImport(tree, own, from, to)) found.push({ from, to, rooms: `${room} -> ${name}` });
  }
  return found;
}

function isPackage(tree: Tree, to: string): boolean {
  return !tree.has(to) && !/^(?:lib|app|components|kit|bin|tests|e2e|bench|scripts)\//.test(to);
}

function mayImport(tree: Tree, own: Rules, from: string, to: string): boolean {
  if (to.startsWith('node:')) return !own.pure || own.node.includes(from);
  if (isPackage(tree, to)) return !GUARDED_PACKAGES.has(to) || own.packages.includes(to);
  if (isTest(to)) return false;
  return roomOf(to) === roomOf(from) || own.rooms.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

/** Groups of names that reach each other: each is a circle. @param arrows from a name to the names that it imports */
export function circlesOf(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (name: string): void => {
    index.set(name, index.size);
    low.set(name, index.get(name)!);
    stack.push(name);
    for (const next of arrows.get(name) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(name, Math.min(low.get(name)!, low.get(next)!));
      } else if (stack.includes(next)) low.set(name, Math.min(low.get(name)!, index.get(next)!));
    }
    if (low.get(name) !== index.get(name)) return;
    const circle = stack.splice(stack.indexOf(name));
    if (circle.length > 1 || arrows.get(name)?.has(name)) circles.push(circle.sort());
  };
  for (const name of arrows.keys()) if (!index.has(name)) visit(name);
  return circles;
}

/** Circles between the files of one room. */
export function fileCircles(tree: Tree): string[][] {
  const arrows = new Map<string, Set<string>>();
  for (const { from, to, room } of importsOf(tree)) {
    if (!tree.has(to) || roomOf(to) !== room) continue;
    arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
  }
  return circlesOf(arrows);
}

/** Circles between rooms, of what is imported in fact; tests do not count. */
export function roomCircles(tree: Tree): string[][] {
  const arrows = new Map<string, Set<string>>();
  for (const { from, to, room } of importsOf(tree)) {
    if (!tree.has(to) || isTest(from) || roomOf(to) === room) continue;
    arrows.set(room, (arrows.get(room) ?? new Set()).add(roomOf(to)));
  }
  return circlesOf(arrows);
}

/** Code files of one folder that differ only in their extension. */
export function twins(tree: Tree): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const path of tree.keys()) {
    if (!CODE.test(path)) continue;
    const stem = path.replace(CODE, '').toLowerCase();
    if (seen.has(stem)) found.push(path);
    seen.add(stem);
  }
  return found;
}
