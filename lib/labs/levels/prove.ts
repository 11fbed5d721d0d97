/** Whether the solution of a level does what it promises: played against a sandbox of its own, which then goes. */
import { createApi } from '#lib/client/sandboxes.ts';
import type { Exchange } from '#lib/guide/types.ts';
import { countOf, goalOf, isReached } from './goal.ts';
import { createPlayer, type PlayerOptions } from './player.ts';
import type { Level } from './types.ts';

export interface Proof {
  readonly ok: boolean;
  /** What came of it, in a sentence or two. */
  readonly says: string;
}

/** @param options where to play; nothing is kept */
export async function proveLevel(level: Level, options: Omit<PlayerOptions, 'kept' | 'onChange'>): Promise<Proof> {
  const player = createPlayer(level, { ...options, kept: null });
  const terms = () => goalOf(level, player.snapshot().state, options.origin);
  try {
    await player.begin();
    for (const [index, move] of level.solution.entries()) {
      const { trouble } = player.snapshot();
      if (trouble !== null) return { ok: false, says: `Before move ${index + 1}: ${trouble}` };
      if (isReached(terms()))
        return {
          ok: false,
          says: `The goal is reached before move ${index + 1}: the rest of the solution is needless.`,
        };
      await player.play(move);
    }
    const { trouble, state } = player.snapshot();
    if (trouble !== null) return { ok: false, says: `The last move: ${trouble}` };
    const open = terms().filter((term) => !term.reached);
    if (open.length > 0) {
      const told = open.map((one) => `${one.says} (now: ${one.now})`).join('; ');
      return { ok: false, says: `The solution does not reach the goal. Still open: ${told}.` };
    }
    const requests = countOf(state);
    if (requests > level.par)
      return { ok: false, says: `The solution takes ${requests} requests, and par is ${level.par}.` };
    const spare = requests < level.par ? ` Par could be ${requests}.` : '';
    return { ok: true, says: `The solution reaches the goal in ${requests}, par ${level.par}.${spare}` };
  } finally {
    const { sandbox } = player.snapshot().state.run;
    if (sandbox) await createApi<Exchange>(options.origin, options.fetch).remove(sandbox);
  }
}
