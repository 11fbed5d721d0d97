/**
 * Which fault acts on a request. What is counted is counted in the store, so that parallel requests and several
 * instances each get their own number.
 */
import type { Effect, Fault } from '#lib/config/fault.ts';
import type { FaultRecord, TenantStore } from '#lib/store/store.ts';
import type { LiveSandbox } from '../sandboxes.ts';
import { type FaultRequest, matches } from './match.ts';

/** Records of the sandbox's faults, read once for as long as the sandbox is remembered. */
const known = new WeakMap<LiveSandbox, Promise<readonly FaultRecord[]>>();

function faultsOf(sandbox: LiveSandbox, store: TenantStore): Promise<readonly FaultRecord[]> {
  let records = known.get(sandbox);
  if (records === undefined) {
    records = store.listFaults();
    known.set(sandbox, records);
    records.catch(() => known.delete(sandbox));
  }
  return records;
}

/** Call this when the faults of a sandbox were changed. */
export function forgetFaults(sandbox: LiveSandbox): void {
  known.delete(sandbox);
}

/** A fault that acts on this very request. */
export interface ActingFault {
  readonly id: string;
  readonly effect: Effect;
  /** Which of the requests that it acts on, from 1. */
  readonly position: number;
}

/**
 * The first fault that acts on a request; every one that matches counts it.
 * @param store of the sandbox itself, also for its further issuers
 */
export async function actingFault(
  sandbox: LiveSandbox,
  store: TenantStore,
  asked: FaultRequest,
): Promise<ActingFault | null> {
  const records = await faultsOf(sandbox, store);
  let acting: ActingFault | null = null;
  for (const record of records) {
    const fault = record.fault as unknown as Fault;
    if (!matches(fault, asked)) continue;
    const claim = await store.claimFault(record.id, fault.nth, fault.times === 'always' ? null : fault.times);
    if (claim?.acts && acting === null)
      acting = { id: record.id, effect: fault.effect, position: claim.matched - fault.nth + 1 };
  }
  return acting;
}
