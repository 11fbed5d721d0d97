/** The configuration of a sandbox as the control API reads and shows it. */
import { z } from 'zod';
import { protocolTime } from '#lib/sandbox/clock.ts';
import {
  type ConfigOverrides,
  type ConfigPlace,
  defaults,
  type KnobName,
  parseConfig,
  resolveConfig,
} from '#lib/config/config.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { configuredProblem } from '#lib/sandbox/faults/read.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { secondsOf } from '#lib/config/scenarios/drive.ts';
import { type Scenario, scenario, scenarioConfig } from '#lib/config/scenarios/index.ts';
import { baseOf } from '#lib/sandbox/tenant.ts';
import { ControlError } from './errors.ts';
import type { Parts } from './parts.ts';

/** In the OpenAPI document the schema of this name has every knob. */
export const knobsInput = z.record(z.string(), z.unknown()).meta({ id: 'Knobs' });

/** @throws ControlError 400 `invalid_config` with everything that is wrong */
export function readConfig(config: unknown, place: ConfigPlace): ConfigOverrides {
  const read = parseConfig(config ?? {}, place);
  if (read.ok) return read.overrides;
  throw new ControlError(400, 'invalid_config', read.faults.map(({ says }) => says).join(' '), { faults: read.faults });
}

/**
 * Holds the faults of a configuration to what a fault may do in the sandbox that it is for.
 * @param redirectUris that count as registered, beside those of its clients
 * @throws ControlError 400 `invalid_config` if one could not act
 */
export async function demandActing(
  config: ConfigOverrides,
  tenant: Tenant,
  redirectUris?: readonly string[],
): Promise<void> {
  const problem = await configuredProblem(config, tenant, redirectUris);
  if (problem === null) return;
  const { knob, says } = problem;
  throw new ControlError(400, 'invalid_config', says, { faults: [{ knob, problem: 'invalid', says }] });
}

/**
 * The scenario asked for; undefined if none was named, null if the sandbox is to have none.
 * @param asked its id, or its name in the conformance suite
 * @throws ControlError 400 `unknown_scenario`, or `not_built` with what is missing
 */
export function readScenario(asked: string | null | undefined, { ownOrigin }: ConfigPlace): string | null | undefined {
  if (asked === null || asked === undefined) return asked;
  const found = scenario(asked);
  if (found === undefined)
    throw new ControlError(
      400,
      'unknown_scenario',
      `There is no scenario with the name ${JSON.stringify(asked.slice(0, 100))}.`,
      { scenario: asked },
    );
  const problems = ownOrigin ? found.problemsOwnOrigin : found.problems;
  if (problems.length > 0)
    throw new ControlError(
      400,
      'not_built',
      `The scenario ${found.id} cannot be started here: ${problems.map(({ says }) => says).join(' ')}`,
      { scenario: found.id, faults: problems },
    );
  return found.id;
}

/**
 * The owner's configuration after a change. A knob that is set back to what it would be anyway is no override.
 * @param scenario in force after the change
 */
export function mergeConfig(
  present: ConfigOverrides,
  changed: ConfigOverrides,
  scenario: string | null,
  ownOrigin: boolean,
): ConfigOverrides {
  const merged = { ...present, ...changed };
  const { preset } = merged;
  const without = resolveConfig({ ...(preset ? { preset } : {}), ...scenarioConfig(scenario, ownOrigin) });
  return Object.fromEntries(
    Object.entries(merged).filter(
      ([name, value]) =>
        !Object.hasOwn(changed, name) ||
        JSON.stringify(value) !== JSON.stringify(name === 'preset' ? defaults.preset : without[name as KnobName]),
    ),
  );
}

/** A scenario as the control API tells of it. */
export function scenarioView(one: Scenario, ownOrigin: boolean): Record<string, unknown> {
  return {
    id: one.id,
    title: one.title,
    group: one.group,
    what_the_server_does: one.does,
    conforming_client: one.conformingClient,
    common_mistakes: one.commonMistakes,
    judged_by: one.judgedBy,
    not_judged: one.notJudged,
    spec: one.spec,
    level: one.level,
    versions: one.versions,
    feature: one.feature,
    conformance: one.conformance,
    conformance_status: one.conformanceStatus,
    hosting: one.hosting,
    hosting_note: one.hostingNote,
    do: one.drive,
    seconds: secondsOf(one),
    config: ownOrigin ? one.configOwnOrigin : one.config,
    built: (ownOrigin ? one.problemsOwnOrigin : one.problems).length === 0,
  };
}

/** What is shown of a sandbox. */
export function shown(parts: Parts, sandbox: LiveSandbox, origin: string): Record<string, unknown> {
  const { record } = sandbox;
  const base = baseOf(sandbox, origin);
  const query = sandbox.config['resource.query'];
  const wall = parts.wall();
  return {
    id: record.id,
    issuer: sandbox.config['issuer.trailingSlash'] ? `${base}/` : base,
    own_origin: sandbox.ownOrigin !== null,
    mcp: {
      oauth: `${base}/mcp${query === '' ? '' : `?${query.replace(/^\?/, '')}`}`,
      bearer: `${base}/bearer`,
      no_auth: `${base}/no-auth`,
    },
    scenario: record.scenario,
    config: record.config,
    staged: record.staged,
    clock: {
      now: new Date(protocolTime(record.clock, wall)).toISOString(),
      offset: record.clock.offset / 1000,
      frozen: record.clock.frozenAt !== null,
    },
    created_at: new Date(record.createdAt).toISOString(),
    expires_at:
      record.ttl === null ? null : new Date(Math.max(record.expiresAt ?? 0, wall + record.ttl * 1000)).toISOString(),
    ttl: record.ttl,
  };
}
