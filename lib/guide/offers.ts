/**
 * Which experiments can be run here: those whose changes the server's control API offers. Asked of
 * the server itself, by its OpenAPI document.
 */
import type { ControlApi, Experiment, Track } from './types.ts';

const PATH = '/api/sandboxes/{id}';
/** What an operation needs of the control API. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  clock: [`${PATH}/clock`],
  fault: [`${PATH}/faults`],
  user: [`${PATH}/users`],
};

/** Paths of the control API that an experiment needs, in the manner of OpenAPI. */
export function needsOf(experiment: Experiment): string[] {
  return [
    `/api/sandboxes`,
    ...experiment.change.flatMap((change) =>
      change.op === 'api' && typeof change.path === 'string' ? [`${PATH}/${change.path}`] : (NEEDS[change.op] ?? []),
    ),
  ];
}

const shape = (path: string): string => path.replace(/\{[^}]+\}|:[A-Za-z_]+/g, '{}');

/**
 * Ids of the experiments that can be run here. Where only what every sandbox has is needed, nothing is asked.
 */
export async function experimentsPossible(track: Track, api: ControlApi): Promise<string[]> {
  const all = track.steps.flatMap((step) => step.experiments);
  const special = all.some((experiment) => needsOf(experiment).length > 1);
  const paths = special
    ? await api.paths().then(
        (list) => new Set([...list].map(shape)),
        () => null,
      )
    : null;
  return all
    .filter((experiment) =>
      needsOf(experiment)
        .slice(1)
        .every((path) => paths?.has(shape(path)) ?? false),
    )
    .map((experiment) => experiment.id);
}
