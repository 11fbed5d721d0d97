/** What the coach takes from the catalogue of scenarios. */
import { scenarios } from '#lib/config/scenarios/index.ts';
import type { ScenarioFacts } from './input.ts';

const facts: Record<'shared' | 'own', readonly ScenarioFacts[] | null> = { shared: null, own: null };

/** The scenarios as the coach knows them. @param ownOrigin whether the sandbox is alone on its origin */
export function scenarioFacts(ownOrigin = false): readonly ScenarioFacts[] {
  const kind = ownOrigin ? 'own' : 'shared';
  facts[kind] ??= [...scenarios().values()].map((one) => ({
    id: one.id,
    title: one.title,
    judgedBy: one.judgedBy,
    versions: one.versions,
    knobs: ownOrigin ? one.configOwnOrigin : one.config,
    needsOwnOrigin: one.hosting === 'no',
  }));
  return facts[kind];
}
