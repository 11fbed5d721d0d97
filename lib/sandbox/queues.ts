/** The queues of a sandbox, as its issuers take from them. */
import type { QueueName } from '#lib/config/queued.ts';
import type { TenantStore } from '#lib/store/store.ts';
import type { LiveSandbox } from './sandboxes.ts';

/** Queues that are known to be empty, for as long as the sandbox is remembered. */
const empty = new WeakMap<LiveSandbox, Set<QueueName>>();

/** Call this when something was put in a queue. */
export function forgetQueues(sandbox: LiveSandbox): void {
  empty.delete(sandbox);
}

/**
 * The next item of a queue. An empty queue costs the database nothing while the sandbox is remembered.
 * @param store of the sandbox itself, also for its further issuers
 */
export async function takeFrom(
  sandbox: LiveSandbox,
  store: TenantStore,
  name: QueueName,
): Promise<Readonly<Record<string, unknown>> | null> {
  const known = empty.get(sandbox) ?? new Set();
  if (known.has(name)) return null;
  empty.set(sandbox, known);
  const item = await store.takeQueued(name);
  // Something may have come in meanwhile: then this set is no longer the one that counts.
  if (item === null) known.add(name);
  return item;
}
