import type { Party } from '#lib/recorder/exchange.ts';
import type { Known, Piece } from './view.ts';

interface Hit { readonly start: number; readonly end: number; readonly name: string; readonly by: Party }

const wordy = /[\w-]/;
/** Long random strings may stand inside of others; addresses and plain words only as a whole. */
const random = (text: string) => text.length >= 16 && !text.includes('/') && !text.includes(' ');

/**
 * Finds the values in a text, the longest first, without overlaps.
 * @param text as it is read, not encoded
 */
export function findKnown(text: string, known: readonly Known[]): Hit[] {
  const hits: Hit[] = [];
  const byLength = known.filter((k) => k.text.length > 1).toSorted((a, b) => b.text.length - a.text.length);
  for (const value of byLength) {
    if (value.text === text) return [{ start: 0, end: text.length, name: value.name, by: value.by }];
    if (value.text.length > text.length) continue;
    const loose = random(value.text);
    if (!loose && value.text.length < 8) continue;
    for (let at = text.indexOf(value.text); at >= 0; at = text.indexOf(value.text, at + 1)) {
      const end = at + value.text.length;
      const before = text[at - 1] ?? ' ';
      const after = text[end] ?? ' ';
      const bounded = loose
        ? !wordy.test(before) && !wordy.test(after)
        : /[\s"'(=,]/.test(before) && /[\s"'),]/.test(after);
      if (bounded && !hits.some((hit) => at < hit.end && end > hit.start)) {
        hits.push({ start: at, end, name: value.name, by: value.by });
      }
    }
  }
  return hits.toSorted((a, b) => a.start - b.start);
}

/** The text in pieces, with the values that it holds. */
export function piecesOf(text: string, known: readonly Known[], kind?: Piece['kind']): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hit of findKnown(text, known)) {
    if (hit.start > at) pieces.push({ text: text.slice(at, hit.start), kind });
    pieces.push({ text: text.slice(hit.start, hit.end), value: { name: hit.name, by: hit.by } });
    at = hit.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind });
  return pieces;
}

/** A percent-encoded value as it stands, coloured where its decoded form is a known one. */
export function encodedPieces(raw: string, known: readonly Known[]): Piece[] {
  const read = decode(raw);
  const whole = known.find((value) => value.text === read);
  if (whole) return [{ text: raw, encoded: true, value: { name: whole.name, by: whole.by } }];
  if (read === raw) return piecesOf(raw, known);
  return [{ text: raw, encoded: true }];
}

/** Form decoding that leaves as it is what cannot be decoded. */
export function decode(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return raw;
  }
}
