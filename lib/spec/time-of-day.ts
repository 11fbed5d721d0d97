const twoDigits = (count: number): string => String(count).padStart(2, '0');

/**
 * A moment by the clock of whoever reads it, such as "12:04:01". Made by hand: the first text that `Intl` makes in a
 * page takes 17 ms of its processor time, and four times that on a slow one.
 * @param at ISO 8601, or ms since 1970
 * @returns "not a time" if it is none
 */
export function timeOfDay(at: string | number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return 'not a time';
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
}
