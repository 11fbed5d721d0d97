import type { LiveStatus } from '#lib/live/live.ts';

/** The state of the list, beside its heading. */
export function statusWords(status: LiveStatus, count: number, paused: boolean, waiting: number): string {
  if (paused) return `paused${waiting > 0 ? `, ${waiting} more since` : ''}`;
  if (status === 'cut') return 'the stream is cut, trying again';
  if (status === 'live') return count === 0 ? 'live' : `live, ${count}`;
  return 'connecting';
}
