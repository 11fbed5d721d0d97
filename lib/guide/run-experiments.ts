/** Guesses and experiments of a run: what the reader expects, and what came in a copy of the run. */
import type { Fetch } from '#lib/client/request.ts';
import type { RunStore } from './run-store.ts';
import { withExperiment, withLab } from './state.ts';
import type { ControlApi, Run, Track } from './types.ts';

export interface ExperimentOptions {
  /** The track, with the texts of the steps that were shown. */
  readonly track: () => Track;
  readonly store: RunStore;
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi;
  /** Wall time, ms. */
  readonly now: () => number;
}

/** What a run offers of its experiments. */
export function experimentsOf(options: ExperimentOptions): Pick<Run, 'guess' | 'experiment'> {
  const { store, origin, fetch, api, now } = options;
  const { change, act, set, snapshot } = store;

  /** Whether a guess is right, as far as the texts of the step have come. */
  function isRight(id: string, option: number): boolean | null {
    const experiment = options
      .track()
      .steps.flatMap((step) => step.experiments)
      .find((one) => one.id === id);
    return experiment?.options[option]?.right ?? null;
  }

  return {
    guess: (id, option) =>
      act(withExperiment(id, { guess: option, right: isRight(id, option), outcome: null, trouble: null, at: now() })),
    async experiment(id) {
      const track = options.track();
      const experiment = track.steps.flatMap((step) => step.experiments).find((candidate) => candidate.id === id)!;
      const step = track.steps.find((candidate) => candidate.experiments.includes(experiment))!;
      const guess = snapshot().state.experiments[id]?.guess ?? null;
      if (snapshot().running)
        return { guess, outcome: null, trouble: 'Something else is under way. Try again when it is done.', at: now() };
      set({
        running: {
          step: step.id,
          request: null,
          experiment: id,
          since: now(),
          from: step.actor_from,
          to: step.actor_to,
        },
        trouble: null,
      });
      const { runExperiment } = await import('./experiments.ts');
      const result = await runExperiment(track, experiment, {
        origin,
        fetch,
        api,
        now,
        lab: { get: () => snapshot().state.lab ?? null, set: (lab) => change(withLab(lab)) },
      });
      const right = guess === null ? null : isRight(id, guess);
      const record = { guess, right, outcome: result.outcome, trouble: result.trouble, at: now() };
      change(withExperiment(id, record));
      set({ running: null });
      return record;
    },
  };
}
