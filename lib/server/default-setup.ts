/** What the operator gives the sandbox `default` to begin with: `AUTHWALK_DEFAULT_CONFIG`, or `--config`. */
import { readFileSync } from 'node:fs';
import { type ConfigOverrides, parseConfig } from '#lib/config/config.ts';
import { plainly } from '#lib/config/plainly.ts';
import { type Seed, seedSchema } from '#lib/config/seed.ts';

/** What the sandbox `default` starts with. */
export interface DefaultSetup {
  readonly config: ConfigOverrides;
  readonly seed: Seed | null;
}

/** What the variable holds, its members not yet read. */
export interface SetupText {
  /** Begins the line of a fault: which variable, and which file if it names one. */
  readonly holds: string;
  readonly config: unknown;
  readonly seed?: unknown;
  readonly allowedHosts?: unknown;
}

export interface SetupTextOptions {
  /** Reads a file; for tests. */
  readonly read?: (path: string) => string;
  /** What the user typed in place of the variable, such as `--config`. */
  readonly name?: string | undefined;
}

const VARIABLE = 'AUTHWALK_DEFAULT_CONFIG';
const TAKES =
  'it takes the configuration of the sandbox default, or { config, seed, allowedHosts }, as a JSON object or the ' +
  'path of a file that holds one';
const MEMBERS: readonly string[] = ['config', 'seed', 'allowedHosts'];

/**
 * Reads JSON, or the file that is named.
 * @param value of the variable; undefined or empty: unset
 * @param faults what is wrong is added, a line each
 * @returns null if there is none, or if it cannot be read
 */
export function readSetupText(
  value: string | undefined,
  { read = (path) => readFileSync(path, 'utf8'), name }: SetupTextOptions,
  faults: string[],
): SetupText | null {
  if (value === undefined || value.trim() === '') return null;
  const who = name === undefined ? VARIABLE : `${name} (${VARIABLE})`;
  const path = value.trimStart().startsWith('{') ? null : value;
  const shown = JSON.stringify(value.slice(0, 300));
  let text = value;
  try {
    if (path !== null) text = read(path);
  } catch (error) {
    const why = whyUnreadable(error as NodeJS.ErrnoException);
    faults.push(`${who} holds ${shown}, which is no JSON object and no file that can be read (${why}); ${TAKES}.`);
    return null;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const what = path === null ? `${text.length} characters that are` : `${shown}, a file that is`;
    faults.push(`${who} holds ${what} not JSON from ${placeOf(text)} on; ${TAKES}.`);
    return null;
  }
  return { holds: `${who} holds ${path === null ? 'a configuration' : `${shown}, a file`}`, ...membersOf(json) };
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return code === 'EACCES' ? 'this user may not read it' : message;
}

/** Both forms: the configuration alone, or `{ config, seed, allowedHosts }`. */
function membersOf(json: unknown): Omit<SetupText, 'holds'> {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  if (!isObject || !MEMBERS.some((name) => name in json)) return { config: json };
  // A member of another name is a slip of the pen: it is read as a knob, and refused by its name.
  const others = Object.entries(json).filter(([name]) => !MEMBERS.includes(name));
  const { config = {}, seed, allowedHosts } = json as Record<string, unknown>;
  if (others.length === 0 || typeof config !== 'object') return { config, seed, allowedHosts };
  return { config: { ...config, ...Object.fromEntries(others) }, seed, allowedHosts };
}

/** @param faults what is wrong is added, with the path of each member */
export function readSetup(
  { holds, config: knobs, seed: seeded }: SetupText,
  isPublic: boolean,
  faults: string[],
): DefaultSetup | null {
  const config = parseConfig(knobs, { isPublic, isDefault: true, ownOrigin: true });
  const seed = seedSchema.safeParse(seeded ?? {}, { error: plainly });
  if (config.ok && seed.success) return { config: config.overrides, seed: seeded === undefined ? null : seed.data! };
  const wrong = [
    ...(config.ok ? [] : config.faults.map(({ says }) => says)),
    ...(seed.error?.issues ?? []).slice(0, 5).map(({ path, message }) => `${['seed', ...path].join('.')}: ${message}.`),
  ];
  faults.push(`${holds} with faults (${wrong.join(' ').replaceAll(/\s*\n\s*/g, ' ')}); ${TAKES}.`);
  return null;
}

/**
 * Where a text stops being JSON. The message of the parser does not always say it, and quotes the text, which may hold
 * secrets.
 */
function placeOf(text: string): string {
  let good = 0;
  for (let bad = text.length; good < bad; ) {
    const middle = (good + bad + 1) >> 1;
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle - 1;
  }
  const before = text.slice(0, good).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** Whether a text is JSON, or the beginning of some. */
function couldGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message);
    return at === null ? /end of JSON input/.test(message) : Number(at[1]) >= text.length;
  }
}
