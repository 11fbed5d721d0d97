/** What the coach takes from the catalogue of scenarios. */
import { scenarios } from '#lib/config/scenarios/index.ts';
import type { ScenarioFacts } from './input.ts';

let known: readonly ScenarioFacts[] | undefined;

/** The scenarios as the coach knows them. @param ownOrigin whether the sandbox is alone on its origin */
export function scenarioFacts(ownOrigin = false): readonly ScenarioFacts[] {
  const facts = (known ??= [...scenarios().values()].map((one) => ({
    id: one.id,
    title: one.title,
    judgedBy: one.judgedBy,
    versions: one.versions,
    knobs: one.config as Readonly<Record<string, unknown>>,
    needsOwnOrigin: one.hosting === 'no',
  })));
  if (!ownOrigin) return facts;
  const all = scenarios();
  return facts.map((one) => ({
    ...one,
    knobs: (all.get(one.id as never)?.configOwnOrigin ?? one.knobs) as Readonly<Record<string, unknown>>,
  }));
}
