/** Long work in pieces, so that one request keeps nobody else waiting. */
import { elapsed, setImmediate } from '#lib/spec/timers.ts';

/** ms of work after which others have their turn. */
const TURN = 8;

/** `items.map(each)`, with turns for others in between. */
export async function mapInTurns<T, R>(items: readonly T[], each: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  let since = elapsed();
  for (const item of items) {
    if (elapsed() - since > TURN) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      since = elapsed();
    }
    made.push(each(item));
  }
  return made;
}
