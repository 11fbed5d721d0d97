/** The texts of steps, as they come to a page that has the index of the track. */
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
