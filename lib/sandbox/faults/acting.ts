/**
 * Which fault acts on a request. What is counted is counted in the store, so that parallel requests and several
 * instances each get their own number.
 */
import type { Effect, Fault } from '#lib/config/fault.ts';
import { elapsed, setImmediate } from '#lib/spec/timers.ts';
import type { TenantStore } from '#lib/store/store.ts';
import type { LiveSandbox } from '../sandboxes.ts';
import { type FaultRequest, loadPatterns, matches } from './match.ts';

interface ReadyFault {
  readonly id: string;
  readonly fault: Fault;
}

/** The sandbox's faults, highest priority first, read once for as long as the sandbox is remembered. */
const known = new WeakMap<LiveSandbox, Promise<readonly ReadyFault[]>>();

/** Sandboxes of which is known that they have no fault, for as long as they are remembered. */
const faultless = new WeakSet<LiveSandbox>();

async function read(store: TenantStore): Promise<readonly ReadyFault[]> {
  const ready = (await store.listFaults()).map(({ id, fault }) => ({ id, fault: fault as unknown as Fault }));
  await loadPatterns(ready.map(({ fault }) => fault));
  return ready.sort((a, b) => (b.fault.priority ?? 0) - (a.fault.priority ?? 0));
}

function faultsOf(sandbox: LiveSandbox, store: TenantStore): Promise<readonly ReadyFault[]> {
  let records = known.get(sandbox);
  if (records === undefined) {
    records = read(store);
    known.set(sandbox, records);
    const mine = records;
    mine.then(
      (all) => {
        // Faults may have come meanwhile: then these are no longer the ones that count.
        if (all.length === 0 && known.get(sandbox) === mine) faultless.add(sandbox);
      },
      () => known.delete(sandbox),
    );
  }
  return records;
}

/** Call this when the faults of a sandbox were changed. */
export function forgetFaults(sandbox: LiveSandbox): void {
  known.delete(sandbox);
  faultless.delete(sandbox);
}

/** Whether it is known without a look into the store that no fault can act. */
export function hasNoFaults(sandbox: LiveSandbox): boolean {
  return faultless.has(sandbox);
}

/** ms of matching after which others have their turn. */
const TURN = 5;

/** A fault that acts on this very request. */
export interface ActingFault {
  readonly id: string;
  readonly effect: Effect;
  /** Which of the requests that it acts on, from 1. */
  readonly position: number;
}

/**
 * The fault that acts on a request: of those that are due the one with the highest priority, then the oldest. Every
 * fault that matches counts the request.
 * @param store of the sandbox itself, also for its further issuers
 */
export async function actingFault(
  sandbox: LiveSandbox,
  store: TenantStore,
  asked: FaultRequest,
): Promise<ActingFault | null> {
  const records = await faultsOf(sandbox, store);
  let acting: ActingFault | null = null;
  let since = elapsed();
  for (const { id, fault } of records) {
    // Patterns take their time: others are served in between.
    if (elapsed() - since > TURN) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      since = elapsed();
    }
    if (!matches(fault, asked)) continue;
    const claim = await store.claimFault(id, fault.nth, fault.times === 'always' ? null : fault.times);
    if (claim?.acts && acting === null) acting = { id, effect: fault.effect, position: claim.matched - fault.nth + 1 };
  }
  return acting;
}
