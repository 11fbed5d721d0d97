/**
 * What a page is given of a track: the index, which is enough to walk, and the one step that it shows, with its texts.
 * A step costs the same however many there are.
 */
import { reason as reasonOf } from '#lib/spec/reasons.ts';
import { valueNames } from './text.ts';
import type { ClauseRef, Experiment, Step, StepPage, Track } from './types.ts';

/** Enough of an experiment to count it and to name it. */
function named(experiment: Experiment): Experiment {
  const { id, letter, title, kind, opens } = experiment;
  return {
    ...{ id, letter, title, kind, opens },
    change: [],
    question: '',
    options: [],
    expected: null,
    why: '',
    clauses: [],
    elsewhere: null,
    see: {},
  };
}

/** A step without what only the page of this step shows. */
export function stripped(step: Step): Step {
  return {
    ...step,
    lede: '',
    margin_note: '',
    requests: step.requests.map((request) => ({
      ...request,
      parameters: request.parameters.map((parameter) => ({
        ...parameter,
        clause: '',
        meaning: '',
        where_from: '',
      })),
    })),
    values_made: step.values_made.map((made) => ({ ...made, note: '' })),
    what_the_server_does: step.what_the_server_does.filter((one) => one.by === 'client' && one.reason !== null),
    notes: [],
    if_it_fails: [],
    experiments: step.experiments.map(named),
  };
}

/** The index of a track: every step as far as walking needs it. */
export function indexOf(track: Track): Track {
  return {
    ...track,
    steps: track.steps.map(stripped),
    values: Object.fromEntries(Object.entries(track.values).map(([name, value]) => [name, { ...value, says: '' }])),
    clauses: {},
  };
}

/** Ids of the clauses that a step cites, and of the reasons that are likely here. */
function cited(step: Step): Set<string> {
  const reasons = [...step.what_the_server_does, ...step.if_it_fails].map((one) => one.reason);
  const ids = [
    ...step.requests.flatMap((request) => request.parameters.map((parameter) => parameter.clause)),
    ...step.notes.map((note) => note.clause),
    ...step.experiments.flatMap((experiment) => experiment.clauses),
    ...reasons.map((id) => (id === null ? null : (reasonOf(id)?.clause ?? null))),
  ];
  return new Set(ids.filter((id) => id !== null));
}

/** One step with its texts, and what they refer to; null if the track has no such step. */
export function pageOf(track: Track, id: string): StepPage | null {
  const step = track.steps.find((candidate) => candidate.id === id);
  if (!step) return null;
  const names = new Set([...valueNames(step), ...step.values_made.map((made) => made.value)]);
  const clauses: Record<string, ClauseRef> = {};
  for (const clause of cited(step)) if (track.clauses[clause]) clauses[clause] = track.clauses[clause];
  return {
    step,
    clauses,
    says: Object.fromEntries(
      Object.values(track.values)
        .filter((value) => names.has(value.name))
        .map((value) => [value.name, value.says]),
    ),
  };
}
