/** From a level's data to what a page needs to play it: its moves become steps, its start the steps before them. */
import { defaults, type KnobName, parseConfig } from '#lib/config/config.ts';
import { clause } from '#lib/spec/clauses.ts';
import { atUrl, heldAs, withArguments } from '#lib/guide/borrow.ts';
import { stripped } from '#lib/guide/page.ts';
import { valueNames } from '#lib/guide/text.ts';
import type { ClauseRef, Step, StepRequest, Track, ValueInfo } from '#lib/guide/types.ts';
import { reads } from '#lib/guide/values/index.ts';
import { consentParameters, type MoveSource, moveSource } from './moves.ts';
import type { LevelSource } from './schema.ts';
import type { Level, LevelMove } from './types.ts';

/** Where the steps of the guide come from. */
export interface Library {
  readonly track: (id: string) => Track | null;
  readonly values: () => readonly ValueInfo[];
}

/** What is wrong with a level, and where: a path into its data. */
export class LevelFault extends Error {
  readonly path: readonly (string | number)[];
  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.path = path;
  }
}

function stepOf(library: Library, track: string, id: string, path: readonly (string | number)[]): Step {
  const found = library.track(track);
  if (!found) throw new LevelFault([...path, 'track'], `there is no track ${track}`);
  const step = found.steps.find((one) => one.id === id);
  if (!step) throw new LevelFault(path, `the track ${track} has no step ${id}`);
  return step;
}

function beginsOf(source: LevelSource, library: Library): Step[] {
  return source.start.done.flatMap((begin, index) => {
    const path = ['start', 'done', index];
    const named = begin.until ?? begin.step ?? '';
    stepOf(library, begin.track, named, path);
    const all = library.track(begin.track)!.steps.map((step) => step.id);
    const ids = begin.until === undefined ? [named] : all.slice(0, all.indexOf(named) + 1);
    return ids.map((id) => {
      const step = withArguments(stripped(stepOf(library, begin.track, id, path)), begin.with ?? {});
      const own: Step = { ...step, id: `${begin.track}/${id}` };
      return begin.as === undefined ? own : heldAs(own, 'access_token', begin.as);
    });
  });
}

/** A request as a player sends it: the consent form can be filled in. */
function playable(request: StepRequest, source: MoveSource): StepRequest {
  if (source.id !== 'approve') return request;
  return {
    ...request,
    headers: request.headers.filter((header) => header.name !== 'Origin'),
    parameters: [...request.parameters.filter((one) => one.name === 'interaction'), ...consentParameters],
  };
}

function movesStep(sources: readonly MoveSource[], library: Library, number: number): Step {
  const first = sources[0]!;
  const [track = '', id = ''] = first.of!.split('/');
  const original = stepOf(library, track, id, ['allowed']);
  const chosen = new Map(sources.map((source) => [source.request, source]));
  const requests = original.requests
    .filter((request) => chosen.has(request.id) || (request.navigates && request.to === 'client'))
    .map((request) => (chosen.has(request.id) ? playable(request, chosen.get(request.id)!) : request));
  const made = (first.makes ?? []).map((value) => ({ value, by: 'client' as const, note: '' }));
  let step: Step = {
    ...stripped(original),
    id: first.step,
    number,
    requests,
    values_made: [...original.values_made, ...made].map((one) => ({ ...one, note: '' })),
    notes: original.notes.filter((note) => requests.some((request) => request.id === note.request)),
    done_when: [],
    experiments: [],
    knobs: {},
    prelude: [],
  };
  if (first.with) step = withArguments(step, first.with);
  if (first.url !== undefined) step = atUrl(step, first.url);
  return first.as === undefined ? step : heldAs(step, 'access_token', first.as);
}

function resolve(id: string, path: readonly (string | number)[]): ClauseRef {
  const found = clause(id);
  if (!found) throw new LevelFault(path, `there is no clause ${id}`);
  return { id, label: found.label, title: found.title, url: found.url };
}

/** "Steps 1 to 3 of the main walk have run.", and the same before they have. */
function beginning(source: LevelSource, library: Library): Pick<Level, 'begins' | 'willBegin'> {
  if (source.start.done.length === 0) {
    const says = 'Nothing has run yet. You know the address of the MCP server.';
    return { begins: says, willBegin: says };
  }
  const told = source.start.done.map((begin) => {
    const track = library.track(begin.track)!;
    const name = track.main ? 'the main walk' : `“${track.title}”`;
    const last = track.steps.find((step) => step.id === (begin.until ?? begin.step))!.number;
    if (begin.until === undefined || last === 1) return `step ${last} of ${name}`;
    return `steps 1 to ${last} of ${name}`;
  });
  const sentence = told.join(' and ');
  const isOne = told.length === 1 && sentence.startsWith('step ');
  const subject = `${sentence[0]!.toUpperCase()}${sentence.slice(1)}`;
  return {
    begins: `${subject} ${isOne ? 'has' : 'have'} run.`,
    willBegin: `${subject} ${isOne ? 'runs' : 'run'} first, as soon as you choose a move.`,
  };
}

function checkKnobs(knobs: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(knobs)) {
    const parsed = parseConfig({ [name]: value });
    if (!parsed.ok) throw new LevelFault(['start', 'knobs', name], parsed.faults.map((one) => one.says).join(' '));
  }
}

/**
 * Makes a level of its data.
 * @throws LevelFault if it names a track, a step, a knob or a clause that does not exist
 */
export function compileLevel(source: LevelSource, library: Library): Level {
  checkKnobs(source.start.knobs);
  const before = beginsOf(source, library);
  const sources = source.allowed.map((one) => moveSource(one.move)!);
  const groups = [...new Set(sources.filter((one) => one.of !== null).map((one) => one.step))];
  const steps = groups.map((group, index) =>
    movesStep(
      sources.filter((one) => one.step === group),
      library,
      index + 1,
    ),
  );
  const moves = source.allowed.map((one, index): LevelMove => {
    const { id, title, from, to, step, request, waits, of } = sources[index]!;
    return { id, title, from, to, step: of === null ? null : step, request, waits, shows: one.shows };
  });
  const main = library.track('authorization-code')!;
  const named = new Set([
    ...valueNames([before, steps, source]),
    ...[...before, ...steps].flatMap((step) => step.values_made.map((made) => made.value)),
    ...reads.map((one) => one.value),
    'requested_scope',
  ]);
  const cited = new Set(steps.flatMap((step) => step.requests.flatMap((one) => one.parameters.map((p) => p.clause))));
  const notes = steps.flatMap((step) => step.notes.map((note) => note.clause)).filter((id) => id !== null);
  const clauses = [...cited, ...notes].filter((id) => id !== '');
  return {
    id: source.id,
    number: source.number,
    title: source.title,
    goal: source.goal as Level['goal'],
    ...beginning(source, library),
    knobs: source.start.knobs,
    moves,
    forbidden: source.forbidden,
    par: source.par,
    hint: source.hint,
    solution: source.solution,
    teaches: source.teaches,
    clauses: source.clauses.map((id, index) => resolve(id, ['clauses', index])),
    track: {
      ...main,
      id: `level.${source.id}`,
      title: source.title,
      teaches: '',
      for_whom: '',
      ends_with: '',
      revision_notes: [],
      prerequisites: [],
      begins_with: [],
      before: before.map((step) => ({ ...step, defaults: defaultsOf(step.knobs) })),
      steps,
      others: [],
      values: Object.fromEntries(
        library
          .values()
          .filter((value) => named.has(value.name))
          .map((value) => [value.name, { ...value, says: '' }]),
      ),
      clauses: Object.fromEntries(clauses.map((id) => [id, resolve(id, ['allowed'])])),
    },
  };
}

function defaultsOf(knobs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(knobs).map((name) => [name, defaults[name as KnobName]]));
}
