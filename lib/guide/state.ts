/**
 * The run's state: plain data, kept in localStorage, so that it survives a reload, the back
 * button, a second tab and the round trip to consent.
 */
import { type KeyValueStore, readRun } from './storage.ts';
import type { Edit, Entry, ExperimentRecord, Navigation, RunState, SandboxRef, Track } from './types.ts';

const VERSION = 1;
/** Nothing has happened yet. */
export function emptyState(track: string, revision = 0): RunState {
  return {
    version: VERSION,
    track,
    revision,
    sandbox: null,
    log: [],
    edits: {},
    navigation: null,
    experiments: {},
    clockOffset: 0,
    lost: false,
  };
}

/** Wall time at which the sandbox's clock stands if it was stopped; else the time that is given. All in ms. */
export const standing = (state: Pick<RunState, 'frozenAt' | 'clockOffset'>, wall: number): number =>
  state.frozenAt == null ? wall : state.frozenAt - state.clockOffset;

/** What is kept, or an empty state: also where it is of another version or cannot be read. */
export function loadState(storage: KeyValueStore | null, track: string): RunState {
  try {
    const text = readRun(storage, track);
    return text ? (readState(text, track) ?? emptyState(track)) : emptyState(track);
  } catch {
    return emptyState(track);
  }
}

/** Parses what another tab has written; null if it is none of ours. */
export function readState(text: string, track: string): RunState | null {
  try {
    const value = JSON.parse(text) as RunState;
    return value.version === VERSION && value.track === track && Array.isArray(value.log) ? value : null;
  } catch {
    return null;
  }
}

/** A change of a state; each raises the revision. */
export type Change = (state: RunState) => RunState;

export const withSandbox =
  (sandbox: SandboxRef): Change =>
  (state) => ({
    ...emptyState(state.track, state.revision),
    edits: state.edits,
    experiments: state.experiments,
    lab: state.lab ?? null,
    server: state.server ?? null,
    sandbox,
  });
export const withEntries =
  (entries: readonly Entry[]): Change =>
  (state) => ({ ...state, log: [...state.log, ...entries] });
export const withNavigation =
  (navigation: Navigation | null): Change =>
  (state) => ({ ...state, navigation });
export const withLab =
  (lab: SandboxRef | null): Change =>
  (state) => ({ ...state, lab });
export const withLost =
  (lost: boolean): Change =>
  (state) => ({ ...state, lost });

/** Puts entries in the place of those with the same key. */
export const withReplaced =
  (entries: readonly Entry[]): Change =>
  (state) => {
    const by = new Map(entries.map((entry) => [entry.key, entry]));
    return { ...state, log: state.log.map((entry) => by.get(entry.key) ?? entry) };
  };

/** Notes one edit; one that changes nothing is taken back. */
export const withEdit =
  (step: string, request: string, key: string, edit: Edit | null): Change =>
  (state) => {
    const { [key]: _before, ...others } = state.edits[step]?.[request] ?? {};
    const edits =
      edit === null || (edit.value === null && edit.omitted === undefined) ? others : { ...others, [key]: edit };
    return { ...state, edits: { ...state.edits, [step]: { ...state.edits[step], [request]: edits } } };
  };

/** Takes back the edits of a step, or of one of its requests. */
export const withoutEdits =
  (step: string, request?: string): Change =>
  (state) => ({
    ...state,
    edits: { ...state.edits, [step]: request === undefined ? {} : { ...state.edits[step], [request]: {} } },
  });

/** Forgets everything from a step on. */
export const restartedFrom =
  (track: Track, step: string): Change =>
  (state) => {
    const from = track.steps.findIndex((candidate) => candidate.id === step);
    const forgotten = new Set(track.steps.slice(Math.max(from, 0)).map((candidate) => candidate.id));
    return {
      ...state,
      log: state.log.filter((entry) => !forgotten.has(entry.step)),
      edits: Object.fromEntries(Object.entries(state.edits).filter(([id]) => !forgotten.has(id))),
      navigation: state.navigation && forgotten.has(state.navigation.step) ? null : state.navigation,
    };
  };

export const withExperiment =
  (id: string, record: ExperimentRecord | null): Change =>
  (state) => {
    const { [id]: _before, ...others } = state.experiments;
    return { ...state, experiments: record === null ? others : { ...others, [id]: record } };
  };

/** Number of the latest attempt at a step; 0 if there was none. */
export function lastRun(state: RunState, step: string): number {
  return state.log.reduce((highest, entry) => (entry.step === step ? Math.max(highest, entry.run) : highest), 0);
}

/** Whether the last attempt at a step has sent anything. */
export function lastRunSent(state: RunState, step: string): boolean {
  const run = lastRun(state, step);
  return (
    (state.navigation?.step === step && state.navigation.run === run) ||
    state.log.some((entry) => entry.kind === 'exchange' && entry.step === step && entry.run === run)
  );
}

/** A key that no entry of the log has. */
export function freshKey(state: RunState, step: string, what: string, run: number): string {
  const stem = `${step}.${what}.${run}`;
  const taken = new Set(state.log.map((entry) => entry.key));
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem}.${n}`;
    if (!taken.has(key)) return key;
  }
}
