/**
 * Makes the server's chunks few and holds each module once. Turbopack writes many small chunks, and copies a module
 * into each chunk that needs it: a quarter of the bytes are there more than once.
 *
 * A chunk is `module.exports = [id, factory, id, factory, …]`, and a factory runs only if its module is asked for. So
 * it does no harm if a page loads a chunk with modules that it never asks for.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

/** Modules that are used together and are below this many characters go into the chunk that every page loads. */
const SMALL = 24_000;
/** Chunks that are loaded late share what they have in common from this many characters on. */
const WORTH_SHARING = 4_000;
/** The two worlds of a page: what renders to the router's format, and what renders to HTML. */
const FOLDERS = ['chunks', 'chunks/ssr'];

const require = createRequire(import.meta.url);

/** @param server the folder `server` of a build */
export function mergeChunks(server) {
  const files = new Map(
    readdirSync(server, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:js|json)$/.test(entry.name))
      .map((entry) => relative(server, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .map((path) => [path, readFileSync(join(server, path), 'utf8')]),
  );
  for (const folder of FOLDERS) mergeFolder(server, folder, files);
}

/** @param files every script and manifest of the build, by its path below `server` */
function mergeFolder(server, folder, files) {
  const chunks = [...files.keys()].filter(
    (path) => path.slice(0, path.lastIndexOf('/')) === folder && files.get(path).startsWith('module.exports=['),
  );
  const isHere = new Set(chunks);
  const pages = new Map();
  const named = new Set();
  for (const [path, text] of files) {
    const loads = [...text.matchAll(/^R\.c\("server\/([^"]+)"\)$/gm)].map(([, name]) => name);
    if (loads.some((name) => isHere.has(name))) pages.set(path, loads);
    // What is loaded late, or stands in a manifest, keeps its name.
    else for (const [name] of text.matchAll(/chunks\/[^"\\]+?\.js/g)) named.add(name);
  }
  const free = chunks.filter((path) => !named.has(path));
  const isFree = new Set(free);

  // Which pages a module belongs to decides with which others it shares a file.
  const users = new Map();
  for (const path of free) {
    const by = [...pages].filter(([, loads]) => loads.includes(path)).map(([page]) => page);
    for (const module of modulesOf(join(server, path)))
      users.set(module, new Set([...(users.get(module) ?? []), ...by]));
  }
  const groups = grouped([...users].map(([module, by]) => [module, [...by].sort()]));
  const made = [];
  const common = [];
  for (const [by, modules] of groups)
    if (lengthOf(modules) < SMALL) common.push(...modules);
    else made.push([by, modules]);
  if (common.length > 0) made.push([[...pages.keys()], common]);

  const loads = new Map([...pages].map(([page, names]) => [page, names.filter((name) => !isFree.has(name))]));
  for (const path of free) rmSync(join(server, path));
  made.forEach(([by, modules], at) => {
    const name = `${folder}/m${at}.js`;
    writeFileSync(join(server, name), `module.exports=[${modules.join(',')}]`);
    for (const page of by) loads.get(page).push(name);
  });
  for (const [page, names] of loads) {
    const [runtime, ...rest] = files
      .get(page)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('R.c('));
    const lines = names.map((name) => `R.c("server/${name}")`);
    writeFileSync(join(server, page), `${[runtime, ...lines, ...rest].join('\n')}\n`);
  }
  shareAmong(
    server,
    folder,
    chunks.filter((path) => !isFree.has(path)),
  );
}

/** Chunks that keep their names take what several of them hold from one file. */
function shareAmong(server, folder, chunks) {
  const held = new Map(chunks.map((path) => [path, modulesOf(join(server, path))]));
  const holders = new Map();
  for (const [path, modules] of held)
    for (const module of modules) holders.set(module, [...(holders.get(module) ?? []), path]);
  const shared = new Map(chunks.map((path) => [path, []]));
  const moved = new Set();
  let at = 0;
  for (const [by, modules] of grouped([...holders])) {
    if (by.length < 2 || lengthOf(modules) < WORTH_SHARING) continue;
    const name = `s${at++}.js`;
    writeFileSync(join(server, folder, name), `module.exports=[${modules.join(',')}]`);
    for (const path of by) shared.get(path).push(`...require("./${name}")`);
    for (const module of modules) moved.add(module);
  }
  for (const [path, names] of shared) {
    if (names.length === 0) continue;
    const own = held.get(path).filter((module) => !moved.has(module));
    writeFileSync(join(server, path), `module.exports=[${[...names, ...own].join(',')}]`);
  }
}

/** The modules of a chunk as they stand there: ids with the factory that they share. */
function modulesOf(file) {
  const modules = [];
  let ids = [];
  for (const part of require(file)) {
    if (typeof part === 'function') {
      modules.push([...ids, part.toString()].join(','));
      ids = [];
    } else if (typeof part === 'number') ids.push(part);
    else throw new Error(`${file} is no chunk as Turbopack writes them: there is a ${typeof part} in it.`);
  }
  return modules;
}

/** Gathers what belongs to the same files. */
function grouped(pairs) {
  const groups = new Map();
  for (const [module, by] of pairs) {
    const key = by.join('\n');
    if (!groups.has(key)) groups.set(key, [by, []]);
    groups.get(key)[1].push(module);
  }
  return [...groups.values()];
}

const lengthOf = (modules) => modules.reduce((sum, module) => sum + module.length, 0);
