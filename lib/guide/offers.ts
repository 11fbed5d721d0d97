/**
 * Which experiments can be run here: those whose changes the server's control API offers. Asked of
 * the server itself, by its OpenAPI document.
 */
import { opOf } from './ops/index.ts';
import type { ControlApi, Experiment, Track } from './types.ts';

const PATH = '/api/sandboxes/{id}';

/** Paths of the control API that an experiment needs, as OpenAPI writes them. */
export function needsOf(experiment: Experiment): string[] {
  const needs = experiment.change.flatMap((change) => opOf(change.op).needs?.(change) ?? []);
  return ['/api/sandboxes', ...needs.map((path) => `${PATH}/${path}`)];
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
