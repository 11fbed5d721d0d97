import { expect, describe, it } from 'vitest';
import { HISTORY_KEPT, PROCESS_LIFE, SAMPLE_SPAN } from '../history.ts';
import { DAY, NOW, type Opened } from './fixtures.ts';

export function historyContract(store: Opened): void {
  describe('the history', () => {
    // Long after everything else of this suite, so that its sweeps delete nothing of it.
    const BEGIN = NOW + 1000 * DAY - ((NOW + 1000 * DAY) % SAMPLE_SPAN);

    it('adds up what processes count within five minutes, and keeps what was measured last', async () => {
      const more = [{ requests: 3, refused: 1 }, { requests: 4 }, { sandboxes: 7, bytes: 5e9 }, { sandboxes: 8 }];
      await Promise.all(more.slice(0, 2).map((one) => store().addToSample(BEGIN + 1, one)));
      for (const one of more.slice(2)) await store().addToSample(BEGIN + SAMPLE_SPAN - 1, one);
      await store().addToSample(BEGIN + SAMPLE_SPAN, { volumeUsed: 9e12 });
      const empty = { requests: 0, refused: 0, sandboxes: null, bytes: null, volumeUsed: null };
      const samples = [
        { ...empty, at: BEGIN, requests: 7, refused: 1, sandboxes: 8, bytes: 5e9 },
        { ...empty, at: BEGIN + SAMPLE_SPAN, volumeUsed: 9e12 },
      ];
      expect(await store().listSamples(BEGIN)).toEqual(samples);
      expect(await store().listSamples(BEGIN + 1)).toEqual(samples.slice(1));
      await store().sweep(BEGIN + HISTORY_KEPT + 1, 1000);
      expect(await store().listSamples(BEGIN)).toEqual(samples.slice(1));
    });

    it('knows which processes are there: those that gave a sign of life, and have not taken their leave', async () => {
      const process = (id: string, seenAt: number, figures = {}) => ({ id, instance: 'one', seenAt, figures });
      const there = async (wall: number) => (await store().listProcesses(wall)).map(({ id }) => id);
      await store().giveSign(process('a', BEGIN));
      await store().giveSign(process('b', BEGIN));
      await store().giveSign(process('a', BEGIN + 10_000, { streams: 2 }));
      expect(await store().listProcesses(BEGIN + 10_000)).toEqual([
        process('a', BEGIN + 10_000, { streams: 2 }),
        process('b', BEGIN),
      ]);
      expect(await there(BEGIN + PROCESS_LIFE)).toEqual(['a']);
      await store().takeLeave('a');
      expect(await there(BEGIN + 10_000)).toEqual(['b']);
      await store().sweep(BEGIN + DAY, 1000);
      expect(await there(BEGIN)).toEqual([]);
    });
  });
}
