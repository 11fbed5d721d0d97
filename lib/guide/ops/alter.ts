/** Changes of a request, wherever the value stands: query, form, header or JSON body. */
import { parseObject } from '#lib/exchange/read.ts';
import { getPointer, type Prepared, setPointer, toJson } from '../prepare.ts';
import type { ChangeOp } from '../types.ts';
import type { Arguments } from './op.ts';

/** Arguments that say where a value stands. */
export const PLACE = {
  request: 'string?',
  query: 'string?',
  form: 'string?',
  header: 'string?',
  at: 'string?',
  after: 'string?',
} as const satisfies Arguments;

/** A header's value; empty if there is none. */
export function headerIn(prepared: Prepared, name: string): string {
  return prepared.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

/** Sets a header; null removes it. */
export function withHeader(prepared: Prepared, name: string, value: string | null): Prepared {
  const others = prepared.headers.filter(([known]) => known.toLowerCase() !== name.toLowerCase());
  return { ...prepared, headers: value === null ? others : [...others, [name, value]] };
}

function withPair(text: string, name: string, next: (before: string) => string | null): string {
  const pairs = new URLSearchParams(text);
  const value = next(pairs.get(name) ?? '');
  if (value === null) pairs.delete(name);
  else pairs.set(name, value);
  return pairs.toString();
}

/**
 * Changes the value that an operation names.
 * @param next from the value before (empty if there is none) to the new one; undefined removes it
 */
export function changeValue(prepared: Prepared, change: ChangeOp, next: (before: string) => unknown): Prepared {
  const asText = (before: string): string | null => {
    const value = next(before);
    return value === undefined ? null : String(value);
  };
  if (change.query !== undefined) {
    const [address, query = ''] = prepared.url.split('?', 2);
    const changed = withPair(query, change.query, asText);
    return { ...prepared, url: changed === '' ? address! : `${address}?${changed}` };
  }
  if (change.form !== undefined) return { ...prepared, body: withPair(prepared.body ?? '', change.form, asText) };
  if (change.header !== undefined)
    return withHeader(prepared, change.header, asText(headerIn(prepared, change.header)));
  if (change.at === undefined) return prepared;
  const body = parseObject(prepared.body);
  const before = getPointer(body, change.at);
  return { ...prepared, body: toJson(setPointer(body, change.at, next(String(before ?? '')))) };
}
