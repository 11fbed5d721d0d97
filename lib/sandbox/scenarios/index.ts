/** The scenarios: named sets of knobs, as data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type ConfigFault, type ConfigOverrides, parseConfig } from '#lib/config/config.ts';

const schema = z.object({
  scenarios: z.array(
    z.object({
      id: z.string().regex(/^[a-z0-9-]+$/),
      title: z.string(),
      group: z.string(),
      what_the_server_does: z.string(),
      knobs: z.record(z.string(), z.json()),
      conforming_client: z.string(),
      common_mistakes: z.array(z.string()).default([]),
      judged_by: z.array(z.string()).default([]),
      level: z.enum(['MUST', 'SHOULD', 'MAY', 'none']),
      versions: z.array(z.string()).default([]),
      conformance: z.string().nullish(),
      hostable_on_path_issuer: z.enum(['yes', 'variant', 'no']),
      retired: z.string().optional(),
    }),
  ),
});

/** One scenario; `problems` says why it cannot be started yet, and is empty where it can. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly does: string;
  readonly conformingClient: string;
  readonly commonMistakes: readonly string[];
  readonly judgedBy: readonly string[];
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'none';
  readonly versions: readonly string[];
  readonly conformance: string | null;
  readonly config: ConfigOverrides;
  readonly problems: readonly ConfigFault[];
}

let library: ReadonlyMap<string, Scenario> | undefined;

/** All scenarios by id, read once in a process, when one is first asked for. */
export function scenarios(): ReadonlyMap<string, Scenario> {
  library ??= new Map(read().map((scenario) => [scenario.id, scenario]));
  return library;
}

function read(): Scenario[] {
  const file = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'sandbox', 'scenarios', 'scenarios.yaml');
  const { scenarios: all } = schema.parse(parse(readFileSync(file, 'utf8')));
  return all
    .filter(({ retired }) => retired === undefined)
    .map((entry) => {
      const parsed = parseConfig(entry.knobs);
      const own: ConfigFault[] =
        entry.hostable_on_path_issuer === 'no'
          ? [{ knob: '', problem: 'not-built', says: 'It needs a sandbox that is alone on its origin.' }]
          : [];
      return {
        id: entry.id,
        title: entry.title,
        group: entry.group,
        does: entry.what_the_server_does,
        conformingClient: entry.conforming_client,
        commonMistakes: entry.common_mistakes,
        judgedBy: entry.judged_by,
        level: entry.level,
        versions: entry.versions,
        conformance: entry.conformance ?? null,
        config: parsed.ok ? parsed.overrides : {},
        problems: [...own, ...(parsed.ok ? [] : parsed.faults)],
      };
    });
}

/** The knobs of a scenario; none where it is null, or is no more. */
export function scenarioConfig(id: string | null): ConfigOverrides {
  return id === null ? {} : (scenarios().get(id)?.config ?? {});
}
