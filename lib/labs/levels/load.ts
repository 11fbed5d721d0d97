/** Reads the levels: server only. One file each, `<id>.yaml`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTrack, loadValues } from '#lib/guide/load.ts';
import { compileLevel, type Library } from './compile.ts';
import { readLevel } from './read.ts';
import type { Level, LevelSummary } from './types.ts';

/** The package brings the levels beside its pages, and says where. */
const folder = (): string =>
  process.env.AUTHWALK_LEVELS ?? join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'labs', 'levels');

/** The steps of the guide, for compiling a level. */
export const library: Library = { track: loadTrack, values: loadValues };

let kept: readonly Level[] | null = null;

function all(): readonly Level[] {
  if (kept && process.env.NODE_ENV === 'production') return kept;
  const files = readdirSync(folder()).filter((name) => name.endsWith('.yaml'));
  const levels = files.map((name) => {
    const read = readLevel(readFileSync(join(folder(), name), 'utf8'));
    if (!read.ok)
      throw new Error(`${name}:\n${read.faults.map((one) => `  line ${one.line}: ${one.says}`).join('\n')}`);
    if (`${read.level.id}.yaml` !== name) throw new Error(`${name} holds the level ${read.level.id}.`);
    return compileLevel(read.level, library);
  });
  kept = levels.sort((a, b) => a.number - b.number);
  return kept;
}

/** The text of a level's file; null if there is none. For the editor to begin with. */
export function levelText(id: string): string | null {
  return all().some((level) => level.id === id) ? readFileSync(join(folder(), `${id}.yaml`), 'utf8') : null;
}

/**
 * The level with this id, whole and JSON-serialisable; null if there is none.
 * @throws Error if a file is not what the schema allows, with the file, the line and what is wrong
 */
export function loadLevel(id: string): Level | null {
  return all().find((level) => level.id === id) ?? null;
}

/** All levels in order. */
export function listLevels(): readonly LevelSummary[] {
  return all().map(summaryOf);
}

/** A list has no sandbox: an address stands there by its path. */
function summaryOf({ id, number, title, goal, teaches, par }: Level): LevelSummary {
  const says = goal.says.replaceAll('{mcp_url}', '/mcp').replaceAll('{other_mcp_url}', '/oauth');
  return { id, number, title, says, teaches, par };
}
