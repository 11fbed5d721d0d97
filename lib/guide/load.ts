/**
 * Reads the tracks: server only. A track is a folder with `track.yaml` and `experiments.yaml`. Each file is read
 * once in
 * a process, or again when it has changed. What comes out is plain JSON.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaults, type KnobName, knobNames, notBuilt } from '#lib/config/config.ts';
import { clause } from '#lib/spec/clauses.ts';
import { labIds } from '#lib/spec/labs.ts';
import { reasons } from '#lib/spec/reasons.ts';
import { parse } from 'yaml';
import type { z } from 'zod';
import { heldAs, withArguments } from './borrow.ts';
import { defaultWhen } from './notes.ts';
import { stripped } from './page.ts';
import { experimentsSchema, figuresSchema, glossarySchema, trackSchema, valuesSchema } from './schema.ts';
import { withTerms } from './terms.ts';
import { valueNames } from './text.ts';
import { reads } from './values/index.ts';
import type { ClauseRef, Experiment, Figures, GlossaryEntry, Step, Track, TrackSummary, ValueInfo } from './types.ts';

/** The package brings the tracks beside its pages, and says where. */
const folder = (): string =>
  process.env.AUTHWALK_TRACKS ?? join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'guide', 'tracks');

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
const LABS: ReadonlySet<string> = new Set(labIds);

interface Known {
  readonly tracks: ReadonlySet<string>;
  readonly experiments: ReadonlySet<string>;
}

function isBuilt(knob: string): boolean {
  return knobNames.includes(knob as KnobName) && !notBuilt.has(knob as KnobName);
}

/**
 * What can be shown of an experiment: links lead only to what is there, and an experiment that sets a knob which
 * nothing obeys yet is left out.
 */
function offered(experiments: readonly Experiment[], known: Known): Experiment[] {
  const canRun = (experiment: Experiment): boolean =>
    (experiment.opens === null || LABS.has(experiment.opens)) &&
    experiment.change.every((change) => change.knob === undefined || isBuilt(change.knob));
  return experiments.filter(canRun).map((experiment, index) => ({
    ...experiment,
    letter: String.fromCharCode(97 + index),
    see: {
      tracks: experiment.see.tracks?.filter((id) => known.tracks.has(id)) ?? [],
      attacks: experiment.see.attacks?.filter((id) => LABS.has(id)) ?? [],
      experiments: experiment.see.experiments?.filter((id) => known.experiments.has(id)) ?? [],
    },
  }));
}

type RawTrack = z.output<typeof trackSchema>;
interface Raw {
  readonly id: string;
  readonly track: RawTrack;
  readonly experiments: z.output<typeof experimentsSchema>;
}

/** What knobs are if nobody sets them. */
function defaultsOf(knobs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(knobs).map((name) => [name, defaults[name as KnobName]]));
}

/** A step of another track, under the id `track/step`; without the texts that only its own track shows. */
function borrow(raws: ReadonlyMap<string, Raw>, track: string, id: string, where: string): Step {
  const step = raws.get(track)?.track.steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`${where} names the step ${track}/${id}, which does not exist.`);
  return {
    ...stripped({ ...step, defaults: defaultsOf(step.knobs), experiments: [] }),
    id: `${track}/${id}`,
    title: step.title,
  };
}

/** The steps of other tracks that run before the first, as `begins_with` says. */
function stepsBefore(raws: ReadonlyMap<string, Raw>, raw: RawTrack): Step[] {
  return raw.begins_with.flatMap((begin) => {
    const all = raws.get(begin.track)?.track.steps.map((step) => step.id) ?? [];
    const ids = begin.until === undefined ? [begin.step ?? ''] : all.slice(0, all.indexOf(begin.until) + 1);
    return ids.map((id) => {
      const step = withArguments(borrow(raws, begin.track, id, raw.id), begin.with ?? {});
      return begin.as === undefined ? step : heldAs(step, 'access_token', begin.as);
    });
  });
}

/** The steps of other tracks that experiments run besides. */
function stepsBesides(raws: ReadonlyMap<string, Raw>, raw: Raw, before: readonly Step[]): Step[] {
  const named = Object.values(raw.experiments)
    .flat()
    .flatMap((experiment) => experiment.change)
    .flatMap((change) => ('step' in change && typeof change.step === 'string' ? [change.step] : []))
    .filter((id) => id.includes('/') && !before.some((step) => step.id === id));
  return [...new Set(named)].map((id) => borrow(raws, id.split('/')[0]!, id.split('/')[1]!, raw.id));
}

function toTrack(
  raw: Raw,
  raws: ReadonlyMap<string, Raw>,
  values: readonly ValueInfo[],
  figures: Figures,
  glossary: readonly GlossaryEntry[],
  known: Known,
): Track {
  const where = `tracks/${raw.id}`;
  const unknown = Object.keys(raw.experiments).find((id) => !raw.track.steps.some((step) => step.id === id));
  if (unknown !== undefined) throw new Error(`${where}/experiments.yaml names the step ${unknown}.`);
  const steps: Step[] = raw.track.steps.map((step) => ({
    ...step,
    notes: step.notes.map((note) => ({ ...note, when: { ...defaultWhen(step, note), ...note.when } })),
    defaults: defaultsOf(step.knobs),
    experiments: offered((raw.experiments[step.id] ?? []) as Experiment[], known),
  }));
  const before = stepsBefore(raws, raw.track);
  const others = stepsBesides(raws, raw, before);
  const cited = citations(steps, citations(reasons));
  const named = new Set([
    ...valueNames([raw.track, raw.experiments, before, others]),
    ...[...steps, ...before, ...others].flatMap((step) => step.values_made.map((made) => made.value)),
  ]);
  for (const name of named) {
    if (!values.some((value) => value.name === name))
      throw new Error(`${where} names the value {${name}}, which _values.yaml does not have.`);
  }
  const held = values.filter((value) => named.has(value.name) || (READ_BESIDES.has(value.name) && !value.secret));
  return {
    ...raw.track,
    steps: steps.map((step) => withTerms(step, glossary)),
    before,
    others,
    values: Object.fromEntries(held.map((value) => [value.name, value])),
    clauses: Object.fromEntries([...cited].map((id) => [id, resolve(id, where)])),
    figures,
    lifetimes: { code: Number(raw.track.knobs['code.lifetime'] ?? defaults['code.lifetime']) },
  };
}

/** Values that may be held though no text of a track names them. */
const READ_BESIDES: ReadonlySet<string> = new Set(reads.map((one) => one.value));

let library: Library | null = null;
let stamp = '';

function filesOf(): string[] {
  return readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
}

/** Changes when a file does: an author sees what they write without a restart. */
function stampOf(): string {
  return filesOf()
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
  const ids = filesOf()
    .map((name) => /^([a-z0-9-]+)[/\\]track\.yaml$/.exec(name)?.[1])
    .filter((id) => id !== undefined);
  const raws = new Map(
    ids.map((id) => [
      id,
      {
        id,
        track: read(`${id}/track.yaml`, trackSchema),
        experiments: read(`${id}/experiments.yaml`, experimentsSchema),
      },
    ]),
  );
  const experiments = [...raws.values()].flatMap((raw) => Object.values(raw.experiments).flat());
  const known: Known = { tracks: new Set(ids), experiments: new Set(experiments.map((one) => one.id)) };
  const tracks = [...raws.values()].map((raw) => toTrack(raw, raws, values, figures, glossary, known));
  tracks.sort((a, b) => Number(b.main) - Number(a.main) || a.number - b.number);
  library = { tracks, values, glossary };
  return library;
}

/**
 * The track with this id, whole and JSON-serialisable; null if there is none.
 * @throws Error if a track's YAML is not valid, with the file, the place and what is wrong
 */
export function loadTrack(id: string): Track | null {
  return open().tracks.find((track) => track.id === id) ?? null;
}

/** All tracks in the order that teaches, without the contents of their steps. */
export function listTracks(): readonly TrackSummary[] {
  return open().tracks.map((track) => ({
    id: track.id,
    title: track.title,
    number: track.number,
    group: track.group,
    main: track.main,
    minutes: track.minutes,
    teaches: track.teaches,
    for_whom: track.for_whom,
    prerequisites: track.prerequisites,
    steps: track.steps.map(({ id, number, title }) => ({ id, number, title })),
    before: track.before.map(({ id, title }) => ({ id, title })),
    experiments: track.steps.flatMap((step) => step.experiments).length,
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
