/**
 * The ways to go through a journey. `npm test` takes one for each, because all of them take long;
 * `npm run test:all` takes all of them.
 */
import { byKeyboard, byMouse, type Press } from './walk.ts';

export interface Way {
  /** For the name of the test. */
  readonly name: string;
  readonly press: Press;
  /** CSS pixels. */
  readonly width: number;
}

export const WAYS = {
  mouse: { name: 'by mouse, 1280 px wide', press: byMouse, width: 1280 },
  keyboard: { name: 'by keyboard alone, 1280 px wide', press: byKeyboard, width: 1280 },
  phone: { name: 'by mouse, 360 px wide', press: byMouse, width: 360 },
} as const satisfies Readonly<Record<string, Way>>;

/** Whether every journey is gone through in every way. */
export const EVERY_WAY = process.env.E2E_EVERY_WAY === '1';
