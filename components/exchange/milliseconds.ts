/** A duration in words: "under 1 ms", "12 ms", "1.4 s". */
export function milliseconds(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
