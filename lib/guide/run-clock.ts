/** The clock of a run's sandbox: moved on by the reader, stopped and let run again for a class. */
import type { RunStore } from './run-store.ts';
import { standing } from './state.ts';
import type { ControlApi, Run } from './types.ts';

export interface ClockOptions {
  readonly store: RunStore;
  readonly api: ControlApi;
  /** Wall time, ms. */
  readonly now: () => number;
  /** Shows what hinders. */
  readonly tell: (error: unknown) => void;
}

/** What a run offers of its sandbox's clock. */
export function clockOf({ store, api, now, tell }: ClockOptions): Pick<Run, 'advance' | 'freeze'> {
  const { change, snapshot } = store;
  /** Two changes at once would leave the page with the older one. */
  let isTurning = false;
  return {
    async advance(seconds) {
      const { sandbox } = snapshot().state;
      if (!sandbox) return;
      try {
        await api.post(sandbox, 'clock', { advance: seconds });
        change(({ frozenAt, ...state }) => ({
          ...state,
          ...(frozenAt == null
            ? { clockOffset: state.clockOffset + seconds * 1000 }
            : { frozenAt: frozenAt + seconds * 1000 }),
        }));
      } catch (error) {
        tell(error);
      }
    },
    async freeze(on) {
      const { sandbox, frozenAt = null, lost } = snapshot().state;
      if (!sandbox || lost || isTurning || (frozenAt !== null) === on) return;
      isTurning = true;
      try {
        const told = (await api.post(sandbox, 'clock', { freeze: on })) as { readonly now: string };
        const at = Date.parse(told.now);
        change((state) => {
          if (state.sandbox?.id !== sandbox.id) return state;
          return on ? { ...state, frozenAt: at } : { ...state, frozenAt: null, clockOffset: at - now() };
        });
      } catch {
        /* whoever asked for it asks again */
      } finally {
        isTurning = false;
      }
    },
  };
}

/** The time by which the client of a run acts, less the offset: it stands with the clock of the sandbox. */
export const clientTime =
  ({ snapshot }: Pick<RunStore, 'snapshot'>, now: () => number): (() => number) =>
  () =>
    standing(snapshot().state, now());
