import { describe, expect, it } from 'vitest';
import type { Sample } from '#lib/store/store.ts';
import { refusedInADay, sandboxesADayAgo, volumeFullAt } from './history.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SPAN = 300_000;
const NOW = 20_000 * DAY;
const GB = 1e9;

/** Samples up to now, by how long ago each was taken. */
const samples = (ms: number, of: (ago: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: ms / SPAN }, (_, at) => {
    const ago = ms - at * SPAN;
    return { at: NOW - ago, requests: 0, refused: 0, sandboxes: null, bytes: null, volumeUsed: null, ...of(ago) };
  });

describe('a day ago', () => {
  it('is what was counted then, or next to it', () => {
    const counted = samples(2 * DAY, (ago) => ({ sandboxes: ago / SPAN }));
    expect(sandboxesADayAgo(counted, NOW)).toBeCloseTo(DAY / SPAN, -1);
    expect(
      sandboxesADayAgo(
        counted.filter(({ at }) => at < NOW - DAY - SPAN),
        NOW,
      ),
    ).toBeCloseTo(DAY / SPAN, -1);
  });

  it('is not known if nobody counted then', () => {
    const down = samples(2 * DAY, (ago) => ({ sandboxes: Math.abs(ago - DAY) < HOUR ? null : 5 }));
    expect(sandboxesADayAgo(down, NOW)).toBeNull();
    expect(sandboxesADayAgo([], NOW)).toBeNull();
  });
});

describe('what was refused', () => {
  it('is that of a day, or of as long as it is counted', () => {
    const refused = samples(3 * DAY, () => ({ refused: 2 }));
    expect(refusedInADay(refused, NOW, 3, NOW)).toEqual({ count: 3 + 2 * (DAY / SPAN - 1), since: NOW - DAY });
    expect(
      refusedInADay(
        samples(HOUR, () => ({ refused: 1 })),
        NOW,
        0,
        NOW,
      ),
    ).toEqual({ count: 12, since: NOW - HOUR });
    expect(refusedInADay([], NOW, 1, NOW - SPAN)).toEqual({ count: 1, since: NOW - SPAN });
    // It counts from its start, not from the beginning of the span that it started in.
    const first = samples(SPAN, () => ({ refused: 1 }));
    expect(refusedInADay(first, NOW, 0, NOW - 26_000)).toEqual({ count: 1, since: NOW - 26_000 });
  });
});

describe('when the volume is full', () => {
  const volume = { bytes: 100 * GB, free: 20 * GB };
  /** GB that are used so long ago. */
  const used = (ms: number, of: (days: number) => number) =>
    samples(ms, (ago) => ({ volumeUsed: Math.round(of(ago / DAY) * GB) }));

  it('is foretold from a steady trend', () => {
    const at = volumeFullAt(
      used(7 * DAY, (days) => 80 - 2 * days),
      NOW,
      volume,
    );
    expect((at! - NOW) / DAY).toBeCloseTo(10, 1);
    const rough = volumeFullAt(
      used(7 * DAY, (days) => 80 - 2 * days + Math.sin(days * 40)),
      NOW,
      volume,
    );
    expect((rough! - NOW) / DAY).toBeCloseTo(10, 0);
  });

  it.each([
    ['no volume is known', used(7 * DAY, (days) => 80 - 2 * days), null],
    ['there is less than a day', used(DAY - HOUR, (days) => 80 - 2 * days), volume],
    ['it stays as it is', used(7 * DAY, () => 80), volume],
    ['it shrinks', used(7 * DAY, (days) => 80 + days), volume],
    ['it goes up and down', used(7 * DAY, (days) => 80 + 5 * Math.sin(days * 6) - 0.1 * days), volume],
    ['it has stopped growing', used(7 * DAY, (days) => 80 - 2 * Math.max(0, days - 1)), volume],
    ['it shrinks since yesterday', used(7 * DAY, (days) => (days < 1 ? 78 + days : 80 - 2 * days)), volume],
    ['it is months away', used(7 * DAY, (days) => 80 - 0.1 * days), volume],
    ['nothing was measured lately', used(7 * DAY, (days) => 80 - 2 * days).filter(({ at }) => at < NOW - DAY), volume],
  ])('is not said if %s', (_, history, of) => {
    expect(volumeFullAt(history, NOW, of)).toBeNull();
  });
});
