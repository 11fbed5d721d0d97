/**
 * Reads the tracks: server only. Each file is read once in a process, or again when it has changed; what comes out is plain JSON
 * that a page can be given whole.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type KnobName, knobNames, notBuilt } from '#lib/config/config.ts';
import { clause } from '#lib/spec/clauses.ts';
import { reasons } from '#lib/spec/reasons.ts';
import { parse } from 'yaml';
import type { z } from 'zod';
import { figuresSchema, glossarySchema, trackSchema, valuesSchema } from './schema.ts';
import { valueNames } from './text.ts';
import type { ClauseRef, Experiment, Figures, GlossaryEntry, Track, TrackSummary, ValueInfo } from './types.ts';

const folder = (): string => join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'guide', 'tracks');

interface Library {
  readonly tracks: readonly Track[];
  readonly values: readonly ValueInfo[];
  readonly glossary: readonly GlossaryEntry[];
}

function read<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  const result = schema.safeParse(parse(readFileSync(join(folder(), file), 'utf8')));
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 10).map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} is not what a track's schema allows:\n${faults.join('\n')}`);
}

function resolve(id: string, where: string): ClauseRef {
  const found = clause(id);
  if (!found) throw new Error(`${where} cites the clause ${id}, which lib/spec/clauses.ts does not have.`);
  return { id, label: found.label, title: found.title, url: found.url };
}

/** Every string that stands under a member called `clause` or in a list called `clauses`. */
function citations(node: unknown, into: Set<string> = new Set()): Set<string> {
  if (Array.isArray(node)) for (const item of node) citations(item, into);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, inner] of Object.entries(node)) {
      if (key === 'clause' && typeof inner === 'string') into.add(inner);
      else if (key === 'clauses' && Array.isArray(inner)) for (const id of inner) into.add(String(id));
      else citations(inner, into);
    }
  }
  return into;
}

/** Attack labs that can be opened. */
const LABS: ReadonlySet<string> = new Set();

/**
 * What can be shown of an experiment: links lead only to what is there, and an experiment that turns
 * a knob which nothing obeys yet is left out.
 */
function offered(experiments: readonly Experiment[], tracks: ReadonlySet<string>): Experiment[] {
  const isBuilt = (experiment: Experiment): boolean =>
    (experiment.opens === null || LABS.has(experiment.opens)) &&
    experiment.change.every(
      (change) =>
        change.knob === undefined ||
        (knobNames.includes(change.knob as KnobName) && !notBuilt.has(change.knob as KnobName)),
    );
  return experiments.filter(isBuilt).map((experiment, index) => ({
    ...experiment,
    letter: String.fromCharCode(97 + index),
    see: {
      tracks: experiment.see.tracks?.filter((id) => tracks.has(id)) ?? [],
      attacks: experiment.see.attacks?.filter((id) => LABS.has(id)) ?? [],
    },
  }));
}

function toTrack(
  raw: z.output<typeof trackSchema>,
  values: readonly ValueInfo[],
  figures: Figures,
  file: string,
  tracks: ReadonlySet<string>,
): Track {
  const cited = citations(raw.steps, citations(reasons));
  const named = new Set([
    ...valueNames(raw),
    ...raw.steps.flatMap((step) => step.values_made.map((made) => made.value)),
  ]);
  for (const name of named) {
    if (!values.some((value) => value.name === name))
      throw new Error(`${file} names the value {${name}}, which _values.yaml does not have.`);
  }
  return {
    ...raw,
    steps: raw.steps.map((step) => ({ ...step, experiments: offered(step.experiments, tracks) })),
    values: Object.fromEntries(values.filter((value) => named.has(value.name)).map((value) => [value.name, value])),
    clauses: Object.fromEntries([...cited].map((id) => [id, resolve(id, file)])),
    figures,
  };
}

let library: Library | null = null;
let stamp = '';

/** Changes when a file does: an author sees what they write without a restart. */
function stampOf(): string {
  return readdirSync(folder())
    .map((name) => `${name} ${statSync(join(folder(), name)).mtimeMs}`)
    .join();
}

function open(): Library {
  if (library && process.env.NODE_ENV === 'production') return library;
  const current = stampOf();
  if (library && current === stamp) return library;
  stamp = current;
  const values = read('_values.yaml', valuesSchema);
  const figures: Figures = read('_figures.yaml', figuresSchema);
  const glossary = read('_glossary.yaml', glossarySchema);
  const files = readdirSync(folder()).filter((name) => name.endsWith('.yaml') && !name.startsWith('_'));
  const ids = new Set(files.map((file) => file.replace(/\.yaml$/, '')));
  const tracks = files.map((file) => toTrack(read(file, trackSchema), values, figures, file, ids));
  tracks.sort((a, b) => Number(b.main) - Number(a.main) || a.number - b.number);
  library = { tracks, values, glossary };
  return library;
}

/**
 * The track with this id, whole and JSON-serialisable; null where there is none.
 * @throws Error where a track's YAML is not valid, with the file, the place and what is wrong
 */
export function loadTrack(id: string): Track | null {
  return open().tracks.find((track) => track.id === id) ?? null;
}

/** All tracks, the main one first, without their steps' contents. */
export function listTracks(): readonly TrackSummary[] {
  return open().tracks.map(({ id, title, number, main, minutes, teaches, for_whom, prerequisites, steps }) => ({
    id,
    title,
    number,
    main,
    minutes,
    teaches,
    for_whom,
    prerequisites,
    steps: steps.map((step) => ({ id: step.id, number: step.number, title: step.title })),
  }));
}

/** Terms of the field, for the glossary. */
export function loadGlossary(): readonly (GlossaryEntry & { readonly ref: ClauseRef | null })[] {
  return open().glossary.map((entry) => ({
    ...entry,
    ref: entry.clause ? resolve(entry.clause, '_glossary.yaml') : null,
  }));
}

/** Every value that a text may name. */
export function loadValues(): readonly ValueInfo[] {
  return open().values;
}
