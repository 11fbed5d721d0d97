/** How long a sandbox lives after its last use, seconds: if its maker does not say, and at most. */
export const DEFAULT_TTL = 86_400;
export const MAX_TTL = 604_800;

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/**
 * A span in words, such as "24 hours", "7 days" or "90 seconds": in the largest unit that it has at least two of.
 * @param seconds a whole number
 */
export function lifeInWords(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0 && seconds / each >= 2) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
