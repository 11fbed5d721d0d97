/** The fifth step: the handler, then the knob `patch`, the stages, and the fault that acts on the answer. */
import { moveClock } from '#lib/sandbox/clock.ts';
import { forgetFaults } from '#lib/sandbox/faults/acting.ts';
import { applyPatch, patchFor } from '#lib/sandbox/patch.ts';
import { seedConfigured } from '#lib/sandbox/seed/seed.ts';
import { seedTargetOf } from '#lib/sandbox/seed/target.ts';
import { eventsOf } from '#lib/sandbox/stages/events.ts';
import { hasStages, runStages } from '#lib/sandbox/stages/run.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import { refusal } from '../refusal.ts';
import type { Visit } from '../visit.ts';
import { noteChange, stageChanges } from './change.ts';
import { applyFault, isHandled } from './fault.ts';

/** Answers the request. */
export async function route(visit: Visit): Promise<void> {
  const answer = isHandled(visit) ? await handled(visit) : null;
  if (answer !== null && hasStages(visit.sandbox!.config)) await fireStages(visit, answer);
  visit.proceed?.();
  await applyFault(visit, answer);
}

/** Runs the handler, refusals and the knob `patch` included: what the answer is before any fault. */
async function handled(visit: Visit): Promise<Response> {
  const { operation, ctx, endpoint, params, route: to, trace } = visit;
  const tenant = visit.tenant!;
  let response: Response;
  try {
    response = await operation!.handle(ctx!, to.location === undefined ? params : { ...params, location: to.location });
  } catch (error) {
    return refusal(visit, error);
  }
  await noteChange(visit, response);
  const patch = patchFor(tenant, endpoint);
  if (!patch || !response.ok) return response;
  trace.set({ acted: { kind: 'patch', name: endpoint } });
  return applyPatch(response, patch, tenant);
}

/** Fires the stages that the exchange completes, and notes them in its record. */
async function fireStages(visit: Visit, answer: Response): Promise<void> {
  const { parts, origin, ctx, endpoint } = visit;
  const sandbox = visit.sandbox!;
  const own = tenantOf(parts, sandbox, origin, null);
  const fired = await runStages(own, eventsOf(ctx!, endpoint, answer), () => ({
    issuers: [own, ...sandbox.config.issuers.map((label) => tenantOf(parts, sandbox, origin, label))],
    async set(knobs) {
      const changed = await parts.sandboxes.update(sandbox.record.id, ({ staged }) => ({
        staged: { ...staged, ...knobs },
      }));
      // Faults and clients act from the store.
      if (changed !== null && ('faults' in knobs || 'clients' in knobs)) {
        await seedConfigured(seedTargetOf(tenantOf(parts, changed, origin, null)));
        forgetFaults(changed);
      }
    },
    async advance(seconds) {
      await parts.sandboxes.update(sandbox.record.id, ({ clock }) => ({
        clock: moveClock(clock, { advance: seconds }, parts.wall()) ?? clock,
      }));
    },
  }));
  for (const index of fired) {
    visit.trace.set({ acted: { kind: 'stage', name: `stages.${index}` } });
    visit.changes.push(...(await stageChanges(visit, sandbox.config.stages[index]!)));
  }
}
