/** The sandbox's own time: wall time moved by an offset, or standing still. */
import type { ClockSetting } from '#lib/store/store.ts';

/** Where the clock can be moved to: from 1970 to the end of the year 9999, ms since the epoch. */
const EARLIEST = 0;
const LATEST = 253_402_300_799_999;

export const REAL_TIME: ClockSetting = Object.freeze({ offset: 0, frozenAt: null });

/** Protocol time in ms since the epoch. @param wall ms since the epoch */
export function protocolTime(clock: ClockSetting, wall: number): number {
  return clock.frozenAt ?? wall + clock.offset;
}

/** What `POST …/clock` may ask for; exactly one of them. */
export type ClockCommand =
  | { readonly advance: number }
  | { readonly set: number }
  | { readonly freeze: boolean }
  | { readonly reset: true };

/**
 * The setting after a command.
 * @param wall ms since the epoch
 * @returns the new setting, or null if it would leave the years that dates can be written in
 */
export function moveClock(clock: ClockSetting, command: ClockCommand, wall: number): ClockSetting | null {
  const now = protocolTime(clock, wall);
  const at = (time: number, frozen: boolean): ClockSetting | null =>
    time < EARLIEST || time > LATEST ? null : { offset: time - wall, frozenAt: frozen ? time : null };
  if ('reset' in command) return REAL_TIME;
  if ('advance' in command) return at(now + Math.round(command.advance * 1000), clock.frozenAt !== null);
  if ('set' in command) return at(command.set, clock.frozenAt !== null);
  return at(now, command.freeze);
}
