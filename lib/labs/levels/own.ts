/** A level of one's own as a link: its whole text, so that nothing has to be kept at a server. */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';

/** Characters of a link that are read at most: as many as the longest level has. */
const MOST = 24_000;

/** The fragment that holds a level. */
export function ownLink(text: string): string {
  return `#level=${toBase64url(new TextEncoder().encode(text))}`;
}

/** Whether a fragment brings a level that cannot be read: part of it is missing, or it is too long. */
export const isBrokenOwn = (fragment: string): boolean => fragment.startsWith('#level=') && ownText(fragment) === null;

/** The text in a fragment; null if there is none. */
export function ownText(fragment: string): string | null {
  const encoded = /^#level=([A-Za-z0-9_-]+)$/.exec(fragment)?.[1];
  if (encoded === undefined || encoded.length > MOST) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(encoded));
  } catch {
    return null;
  }
}
