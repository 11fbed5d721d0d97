/** User codes of the device grant: short, for a thumb. */
import type { Tenant } from '../context.ts';

/** No vowels, so no words; no letter that looks like a digit. 20 letters, 8 of them: 34 bits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/**
 * Makes a user code, each letter as likely as any other.
 * @returns the letters, without the dash that they are shown with
 * @see https://datatracker.ietf.org/doc/html/rfc8628#section-6.1
 */
export function newUserCode(random: Tenant['random']): string {
  const usable = 256 - (256 % LETTERS.length);
  let code = '';
  while (code.length < LENGTH) {
    for (const byte of Buffer.from(random(LENGTH), 'base64url'))
      if (byte < usable && code.length < LENGTH) code += LETTERS[byte % LETTERS.length];
  }
  return code;
}

/** As it is shown: `BCDF-GHJK`. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** As it is compared: case, dashes and spaces do not matter. Null if it cannot be one. */
export function normalUserCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\-–—_.]/g, '');
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : null;
}
