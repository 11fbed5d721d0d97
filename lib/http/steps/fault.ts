/** The fourth step: whether a scripted fault acts on this request; and what it then does to the answer. */
import { noteFailure } from '#lib/oauth/checks/check.ts';
import { hold } from '#lib/sandbox/faults/hold.ts';
import { sharedHold } from '#lib/sandbox/faults/shared-hold.ts';
import { actingFault, hasNoFaults } from '#lib/sandbox/faults/acting.ts';
import { faultyAnswer, holdBack, isProcessed, isReal } from '#lib/sandbox/faults/answer.ts';
import type { TenantStore } from '#lib/store/store.ts';
import { reasons } from '#lib/spec/reasons.ts';
import type { Visit } from '../visit.ts';

/** Finds the fault that acts, and waits at its barrier if it has one. */
export function fault(visit: Visit): Promise<void> | undefined {
  return visit.route.recorded && !hasNoFaults(visit.sandbox!) ? findFault(visit) : undefined;
}

async function findFault(visit: Visit): Promise<void> {
  const { route, trace, endpoint } = visit;
  const sandbox = visit.sandbox!;
  const acting = await actingFault(sandbox, rootStore(visit), {
    ctx: visit.ctx!,
    endpoint,
    location: route.location ?? null,
  });
  if (acting === null) return;
  visit.fault = acting;
  trace.set({ acted: { kind: 'fault', name: acting.id } });
  if (acting.effect.hold)
    visit.proceed = visit.parts.recorder.alone
      ? await hold(`${sandbox.record.id} ${acting.id}`, acting.effect.hold, acting.position)
      : await sharedHold(rootStore(visit), acting.id, acting.effect.hold, acting.position, visit.parts.wall);
}

/** Whether the request is handled although a fault acts: the fault then changes the answer, or loses it. */
export function isHandled({ fault: acting }: Visit): boolean {
  return acting === null || isProcessed(acting.effect);
}

/** Applies the fault to the answer; `null` if the request was not handled. */
export async function applyFault(visit: Visit, answer: Response | null): Promise<void> {
  visit.response = answer;
  if (visit.fault === null) return;
  const { effect } = visit.fault;
  await holdBack(effect, visit.sandbox!.record.id, visit.request.signal);
  visit.scripted = !isReal(effect);
  visit.response = await faultyAnswer(effect, visit.ctx!, answer);
  visit.dropped = visit.response === null;
  if (visit.scripted && (visit.response?.status ?? 0) >= 400) noteScripted(visit);
}

/** The reason of a scripted answer is the script, whatever the server would have said. */
function noteScripted({ fault: acting, response, trace }: Visit): void {
  const { says, clause } = reasons['fault-scripted'];
  const evidence = { fault: acting!.id, status: response!.status };
  noteFailure(trace, { check: 'fault-scripted', says, clause, evidence });
  trace.set({ reason: 'fault-scripted', clause, evidence });
  trace.facts.error = acting!.effect.error;
}

/** Faults are kept with the sandbox itself, whichever of its issuers is asked. */
function rootStore({ parts, sandbox, tenant }: Visit): TenantStore {
  const { id } = sandbox!.record;
  return tenant!.store.scope === id ? tenant!.store : parts.store.tenant(id);
}
