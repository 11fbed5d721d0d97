/**
 * The knob `stages`: changes of behaviour that happen once, when an event has occurred often enough.
 * A stage fires after the exchange that completes its count, and is shown there.
 */
import { type ConfigOverrides, parseConfig, type SandboxConfig } from '#lib/config/config.ts';
import type { Stage, StageEvent } from '#lib/config/stage.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { STAGE_COUNTS } from '../sandboxes.ts';
import { act } from './actions.ts';

/** What a stage does to the sandbox; the rest is done here. */
export interface StageTarget {
  /** All issuers of the sandbox. */
  readonly issuers: readonly Tenant[];
  /** Sets knobs apart from the owner's configuration, and over it. */
  set(knobs: ConfigOverrides): Promise<void>;
  /** Moves the clock of the sandbox on. */
  advance(seconds: number): Promise<void>;
}

/**
 * Counts the events of an exchange, and fires the stages that are due.
 * @param tenant the sandbox's own issuer
 * @returns the numbers of the stages that fired, from 0
 */
export async function runStages(
  tenant: Tenant,
  events: readonly StageEvent[],
  target: () => StageTarget,
): Promise<number[]> {
  const { stages } = tenant.config;
  if (stages.length === 0 || events.length === 0) return [];
  const edition = sha256(JSON.stringify(stages)).slice(0, 12);
  const fired: number[] = [];
  for (const [index, stage] of stages.entries()) {
    if (!events.includes(stage.after.event)) continue;
    if ((await tenant.store.count(`${STAGE_COUNTS}${edition}:${index}`)) !== stage.after.count) continue;
    await fire(stage, target());
    fired.push(index);
  }
  return fired;
}

async function fire(stage: Stage, target: StageTarget): Promise<void> {
  if (stage.advance !== undefined) await target.advance(stage.advance);
  for (const action of stage.do ?? []) for (const issuer of target.issuers) await act(action, issuer);
  if (stage.set === undefined) return;
  const set = parseConfig(stage.set);
  if (set.ok) await target.set(set.overrides);
}

/** Whether a configuration has stages at all: asked for each request. */
export function hasStages(config: SandboxConfig): boolean {
  return config.stages.length > 0;
}
