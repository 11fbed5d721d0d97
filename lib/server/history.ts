/**
 * What instances tell each other through the database: counts and measures for the history, and that they are there.
 * Each process adds what it has counted; what concerns the whole database is measured by one at a time.
 */
import { randomUUID } from 'node:crypto';
import type { ShortFigures } from '#lib/http/figures.ts';
import type { Parts } from '#lib/http/parts.ts';
import { clearInterval, setInterval } from '#lib/spec/timers.ts';
import { SAMPLE_SPAN } from '#lib/store/history.ts';
import { StoreUnavailableError } from '#lib/store/store.ts';

/** ms between two rounds. */
const EVERY = 10_000;
/** ms after which another instance measures, if this one is gone. */
const LEASE = 75_000;

export interface History {
  /** Saves what was counted, measures if it is time, and gives a sign of life. Never rejects. */
  round(): Promise<void>;
  /** Saves what is left, and takes its leave. */
  close(): Promise<void>;
}

interface HistoryOptions {
  readonly parts: Pick<Parts, 'store' | 'metrics' | 'room' | 'wall' | 'log'>;
  /** Names the start that this process belongs to. */
  readonly instance: string;
  /** What other instances are told of this process; null: there can be none. */
  readonly figures: (() => ShortFigures) | null;
}

/** Begins to tell, and goes on until it is closed. */
export function startHistory({ parts, instance, figures }: HistoryOptions): History {
  const { store, metrics, room, wall, log } = parts;
  const id = randomUUID();
  let measured = -1;
  // Others know at once that it is there.
  let running: Promise<void> = Promise.resolve()
    .then(sign)
    .catch(() => undefined);

  async function save(): Promise<void> {
    const unsaved = metrics.takeUnsaved();
    if (unsaved.requests === 0) return;
    try {
      await store.addToSample(wall(), unsaved);
    } catch (error) {
      metrics.giveBack(unsaved);
      throw error;
    }
  }

  /** Once in each sample, by one of the instances. */
  async function measure(): Promise<void> {
    const now = wall();
    const sample = Math.floor(now / SAMPLE_SPAN);
    if (sample === measured || !(await store.takeLease('history', id, now, LEASE))) return;
    const [sandboxes, bytes, volume] = await Promise.all([
      store.countSandboxes(now),
      store.databaseBytes(),
      room.volume(),
    ]);
    await store.addToSample(now, { sandboxes, bytes, volumeUsed: volume === null ? null : volume.bytes - volume.free });
    measured = sample;
  }

  async function sign(): Promise<void> {
    if (figures !== null) await store.giveSign({ id, instance, seenAt: wall(), figures: { ...figures() } });
  }

  async function round(): Promise<void> {
    try {
      await save();
      await measure();
      await sign();
    } catch (error) {
      // Whoever asks for something meanwhile is told, and the log names the cause.
      if (!(error instanceof StoreUnavailableError)) log('the history could not be written', error);
    }
  }

  const next = (): Promise<void> => {
    running = running.then(round);
    return running;
  };
  const timer = setInterval(() => void next(), EVERY);
  timer.unref();
  return {
    round: next,
    async close() {
      clearInterval(timer);
      await running;
      try {
        await save();
        if (figures !== null) await store.takeLeave(id);
      } catch {
        // The database is gone; the row is stale in a moment.
      }
    },
  };
}
