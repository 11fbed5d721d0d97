/** Steps of a track, and their texts as they come to a page that has the index of the track. */
import type { Step, StepPage, Track } from './types.ts';

/** An index that has learnt the texts of one more step. */
export function withPage(track: Track, page: StepPage): Track {
  return {
    ...track,
    steps: track.steps.map((step) => (step.id === page.step.id ? page.step : step)),
    clauses: { ...track.clauses, ...page.clauses },
    values: {
      ...track.values,
      ...Object.fromEntries(
        Object.entries(page.says).flatMap(([name, says]) =>
          track.values[name] ? [[name, { ...track.values[name], says }]] : [],
        ),
      ),
    },
  };
}

/** Whether the texts of a step have come. */
export function hasTexts(step: Step): boolean {
  return step.lede !== '';
}

/**
 * A step by its id: one of the track, or one of another that runs before it.
 * @throws Error if the track has none of that id
 */
export function stepOf({ id: track, steps, before, others }: Track, id: string): Step {
  const found = [...steps, ...before, ...others].find((step) => step.id === id);
  if (!found) throw new Error(`The track ${track} has no step ${id}.`);
  return found;
}
