/** Tells the record which knobs had a hand in an answer. */
import type { Trace } from '#lib/oauth/context.ts';
import { defaults, type KnobName, type SandboxConfig } from '#lib/config/config.ts';

/** Notes those of the knobs that do not stand at their default. */
export function noteKnobs(trace: Trace, config: SandboxConfig, names: readonly KnobName[]): void {
  for (const name of names) {
    if (JSON.stringify(config[name]) !== JSON.stringify(defaults[name])) trace.set({ acted: { kind: 'knob', name } });
  }
}
