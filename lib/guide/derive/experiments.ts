/** Experiments as they stand: untried, guessed, running, revealed. */
import type { ExperimentView, Facts, Step, Track } from '../types.ts';
import { plainText } from '../text.ts';

/** @param offered ids that the server offers what they need for; null while that is not known: all are shown */
export function experimentsOf(
  track: Track,
  step: Step,
  facts: Facts,
  offered: readonly string[] | null,
): ExperimentView[] {
  return step.experiments
    .filter((experiment) => offered === null || offered.includes(experiment.id))
    .map((experiment) => {
      const record = facts.state.experiments[experiment.id] ?? null;
      const clauses = experiment.clauses.flatMap((id) => track.clauses[id] ?? []);
      if (experiment.opens !== null)
        return { experiment, state: 'lab', record, right: null, line: 'Opens the lab', clauses };
      if (facts.running?.experiment === experiment.id)
        return { experiment, state: 'running', record, right: null, line: 'Runs, in a copy of your sandbox', clauses };
      if (record?.outcome) {
        // On a page of another step the options have not come: what was noted then is enough.
        const guess = record.guess === null ? undefined : experiment.options[record.guess];
        const right = record.guess === null ? null : (guess?.right ?? record.right ?? false);
        const guessed = right
          ? ' You guessed right.'
          : guess
            ? ` You guessed: ${plainText(guess.text).replace(/\.$/, '')}.`
            : '';
        return { experiment, state: 'revealed', record, right, line: `${record.outcome.line}.${guessed}`, clauses };
      }
      if (record?.trouble)
        return {
          experiment,
          state: record.guess === null ? 'untried' : 'guessed',
          record,
          right: null,
          line: record.trouble,
          clauses,
        };
      return {
        experiment,
        state: record && record.guess !== null ? 'guessed' : 'untried',
        record,
        right: null,
        line: 'Not tried',
        clauses,
      };
    });
}
