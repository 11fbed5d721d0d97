/**
 * The same barrier where several instances share a database: who has come stands there, so that requests of one race
 * may reach any of them.
 */
import { sleep } from '#lib/spec/timers.ts';
import type { TenantStore } from '#lib/store/store.ts';
import { type Hold, PATIENCE } from './hold.ts';
import { enter } from './waiting.ts';

/** ms between two looks. Few wait at once, and for a few seconds. */
const LOOK = 40;

/**
 * Waits at the barrier until as many requests have arrived at whichever instance, and then for its turn.
 * @param fault id of the fault
 * @param position of the request among all that the fault acts on, from 1
 * @param wall ms since the epoch
 * @returns a function to call when the request was handled: then the next one goes
 * @throws OAuthError 429 if as many requests of the sandbox wait as may be
 */
export async function sharedHold(
  store: TenantStore,
  fault: string,
  { until, order = [] }: Hold,
  position: number,
  wall: () => number,
): Promise<() => void> {
  const name = `${fault} ${Math.ceil(position / until)}`;
  const place = ((position - 1) % until) + 1;
  await store.arriveAtBarrier(name, place, wall());
  const ended = (): void => {
    store.endAtBarrier(name, place, wall()).catch(() => undefined);
  };
  let leave: () => void;
  try {
    leave = enter(store.scope);
  } catch (refusal) {
    // Who is turned away is not waited for.
    await store.endAtBarrier(name, place, wall());
    throw refusal;
  }
  try {
    while (!(await isTurn())) await sleep(LOOK);
    return ended;
  } finally {
    leave();
  }

  async function isTurn(): Promise<boolean> {
    const here = await store.readBarrier(name);
    const now = wall();
    const first = Math.min(...here.map(({ arrivedAt }) => arrivedAt));
    const isOpen = here.length >= until || now - first >= PATIENCE;
    const rank = (one: number): number => (order.includes(one) ? order.indexOf(one) : until + one);
    // One that is never carried out does not hold the others for ever.
    const isOver = (at: { arrivedAt: number; endedAt: number | null }): boolean =>
      at.endedAt !== null || now - at.arrivedAt >= 2 * PATIENCE;
    return isOpen && here.every((at) => at.place === place || rank(at.place) > rank(place) || isOver(at));
  }
}
