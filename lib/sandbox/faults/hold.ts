/**
 * Requests held at a barrier and let through in a chosen order, one after the other: this
 * reproduces a race that does not happen on its own. For a process that is alone on its database; see `shared-hold.ts`.
 */

import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import { enter } from './waiting.ts';

/** ms that a request waits for the others. */
export const PATIENCE = 30_000;

interface Barrier {
  readonly waiting: Map<number, () => void>;
  readonly ended: Map<number, () => void>;
  /** Requests that were turned away, and are not waited for. */
  missed: number;
  open: boolean;
  timer: NodeJS.Timeout | undefined;
}

const barriers = new Map<string, Barrier>();

export interface Hold {
  readonly until: number;
  readonly order?: readonly number[] | undefined;
}

/**
 * Waits at the barrier until as many requests have arrived, and then for its turn.
 * @param key of the barrier: sandbox and fault, with a space between
 * @param position of the request among those that arrived, from 1
 * @returns a function to call when the request was handled: then the next one goes
 * @throws OAuthError 429 if as many requests of the sandbox wait as may be
 */
export async function hold(key: string, { until, order = [] }: Hold, position: number): Promise<() => void> {
  const round = Math.ceil(position / until);
  const place = ((position - 1) % until) + 1;
  const name = `${key} ${round}`;
  let barrier = barriers.get(name);
  if (barrier === undefined) {
    barrier = { waiting: new Map(), ended: new Map(), missed: 0, open: false, timer: undefined };
    barriers.set(name, barrier);
    const made = barrier;
    made.timer = setTimeout(() => void release(name, made, order), PATIENCE);
    made.timer.unref();
  }
  if (barrier.open) return () => undefined;
  const here = barrier;
  const isLast = (more: number): boolean => here.waiting.size + here.missed + more >= until;
  let leave: () => void;
  try {
    // The one that opens the barrier waits for nobody but those before it.
    leave = isLast(1) ? () => undefined : enter(key.split(' ', 1)[0]!);
  } catch (refusal) {
    here.missed += 1;
    throw refusal;
  }
  const turn = new Promise<void>((resolve) => here.waiting.set(place, resolve));
  if (isLast(0)) void release(name, here, order);
  await turn;
  leave();
  return () => here.ended.get(place)?.();
}

async function release(name: string, barrier: Barrier, order: readonly number[]): Promise<void> {
  if (barrier.open) return;
  barrier.open = true;
  clearTimeout(barrier.timer);
  const arrived = [...barrier.waiting.keys()].sort((a, b) => a - b);
  const chosen = [
    ...order.filter((place) => barrier.waiting.has(place)),
    ...arrived.filter((place) => !order.includes(place)),
  ];
  for (const place of chosen) {
    const carriedOut = new Promise<void>((resolve) => {
      barrier.ended.set(place, resolve);
      setTimeout(resolve, PATIENCE).unref();
    });
    barrier.waiting.get(place)?.();
    await carriedOut;
  }
  barriers.delete(name);
}
