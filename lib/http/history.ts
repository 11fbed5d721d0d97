/** What the samples of the past days say: how much there was a day ago, and when the volume will be full. */
import type { Sample } from '#lib/store/store.ts';
import { HISTORY_KEPT, SAMPLE_SPAN } from '#lib/store/history.ts';

const DAY = 86_400_000;
/** ms that the sample for "a day ago" may lie beside it: an instance that was down then says nothing. */
const BESIDE = 2 * SAMPLE_SPAN;

/** A trend is believed if it is seen for so long, in so many samples, and explains so much of what was measured. */
const TREND_SPAN = DAY;
const TREND_SAMPLES = 48;
const TREND_FIT = 0.8;
/** What is farther away than this is not foretold, ms. */
const FORESEEN = 60 * DAY;

/** Where samples begin that are looked at, wall ms. */
export const historyBegin = (now: number): number => now - HISTORY_KEPT;

/** Sandboxes a day ago; null: nobody has counted them then. */
export function sandboxesADayAgo(samples: readonly Sample[], now: number): number | null {
  const then = now - DAY;
  const distance = ({ at }: Sample): number => Math.abs(at + SAMPLE_SPAN / 2 - then);
  const near = samples.filter((one) => one.sandboxes !== null && distance(one) <= BESIDE);
  return near.toSorted((one, other) => distance(one) - distance(other))[0]?.sandboxes ?? null;
}

/** Requests that a limit refused. */
export interface Refused {
  readonly count: number;
  /** Since when they are counted, wall ms. */
  readonly since: number;
}

/**
 * Requests that a limit refused in the latest day.
 * @param unsaved those that are in no sample yet
 * @param started since when the instance counts, wall ms
 */
export function refusedInADay(samples: readonly Sample[], now: number, unsaved: number, started: number): Refused {
  const day = samples.filter(({ at }) => at > now - DAY);
  const counted = day.reduce((sum, { refused }) => sum + refused, 0);
  const isWhole = samples.some(({ at }) => at <= now - DAY);
  if (isWhole) return { count: counted + unsaved, since: now - DAY };
  const begin = day[0]?.at ?? started;
  // A sample has the time of its span, which begins before the instance that is the first to count in it.
  const startedInIt = started > begin && started < begin + SAMPLE_SPAN;
  return { count: counted + unsaved, since: startedInIt ? started : begin };
}

/** A straight line through points, and which part of their variance it explains, from 0 to 1. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): { slope: number; fit: number } {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x0 = mean(points.map(([x]) => x));
  const y0 = mean(points.map(([, y]) => y));
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xx += (x - x0) ** 2;
    xy += (x - x0) * (y - y0);
    yy += (y - y0) ** 2;
  }
  return xx === 0 || yy === 0 ? { slope: 0, fit: 0 } : { slope: xy / xx, fit: xy ** 2 / (xx * yy) };
}

/**
 * When the volume will be full if it goes on like this; null: there is no history yet, no steady trend, or it is far.
 * What was deleted at once, or a jump by another program, is no trend.
 * @param volume as it is now, bytes
 * @returns wall ms
 */
export function volumeFullAt(
  samples: readonly Sample[],
  now: number,
  volume: { readonly bytes: number; readonly free: number } | null,
): number | null {
  if (volume === null) return null;
  const points = samples.flatMap(({ at, volumeUsed }) => (volumeUsed === null ? [] : [[at, volumeUsed] as const]));
  const latest = points.filter(([at]) => at > now - TREND_SPAN);
  const [first] = points;
  if (first === undefined || now - first[0] < TREND_SPAN || latest.length < TREND_SAMPLES) return null;
  const whole = lineThrough(points);
  const lately = lineThrough(latest);
  if (whole.slope <= 0 || lately.slope <= 0 || whole.fit < TREND_FIT) return null;
  const at = now + volume.free / whole.slope;
  return at - now > FORESEEN ? null : Math.round(at);
}
