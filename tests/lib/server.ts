/**
 * A server of the tests' own: the kit's, and beside it only what the kit has no option for. It takes variables of the
 * environment, such as `AUTHWALK_DEFAULT_CONFIG`, and remembers its sandboxes, so that all of them can be judged at the
 * end.
 */
import type { Authwalk, Sandbox } from 'authwalk/testing';
import { createWith } from '../../kit/testing/create.ts';

export interface RunningServer extends Authwalk {
  /** What {@link Authwalk.sandbox} has made here. */
  readonly made: readonly Sandbox[];
}

/** @param env variables of the contract */
export async function startServer(env: Record<string, string> = {}): Promise<RunningServer> {
  // One origin for all sandboxes, and keys of their own: as `authwalk serve` has it.
  const authwalk = await createWith({ keys: 'own' }, { env, ownOrigins: false });
  const made: Sandbox[] = [];
  return {
    ...authwalk,
    made,
    async sandbox(setup) {
      const sandbox = await authwalk.sandbox(setup);
      made.push(sandbox);
      return sandbox;
    },
  };
}
