/** Random texts, made of pages of random bytes: asking the system once costs as much as a page does. */
import { randomFillSync } from 'node:crypto';

const PAGE = 4096;

/**
 * A source of random texts. Bytes are given out once and wiped as they are.
 * @returns `random(bytes)`: so many random bytes as base64url
 */
export function randomPages(): (bytes: number) => string {
  const page = Buffer.alloc(PAGE);
  let at = PAGE;
  return (bytes) => {
    if (bytes > PAGE) return randomFillSync(Buffer.alloc(bytes)).toString('base64url');
    if (at + bytes > PAGE) {
      randomFillSync(page);
      at = 0;
    }
    const text = page.toString('base64url', at, at + bytes);
    page.fill(0, at, at + bytes);
    at += bytes;
    return text;
  };
}
