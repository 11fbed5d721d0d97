/** What a step needs of its sandbox: operations before it runs, and knobs while it runs. */
import { opOf } from './ops/index.ts';
import type { PreludeContext } from './ops/op.ts';
import type { Step } from './types.ts';

/**
 * Does what the step's `prelude` says, sets its `knobs`, runs it, and puts the knobs back as they were.
 * @throws ApiError if the control API refuses
 */
export async function arrangeStep(
  { api, sandbox, walker }: PreludeContext,
  step: Step,
  work: () => Promise<void>,
): Promise<void> {
  for (const change of step.prelude) await opOf(change.op).prelude?.(change, { api, sandbox, walker });
  if (Object.keys(step.knobs).length === 0) return work();
  const { config } = (await api.read(sandbox, '')) as { config: Readonly<Record<string, unknown>> };
  await api.configure(sandbox, step.knobs);
  try {
    await work();
  } finally {
    const before = Object.fromEntries(
      Object.keys(step.knobs).map((name) => [name, name in config ? config[name] : step.defaults[name]]),
    );
    await api.configure(sandbox, before);
  }
}
