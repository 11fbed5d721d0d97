import { expect, test } from 'vitest';
import type { Annotated } from './anchor.ts';
import { point } from './point.ts';

const line = (name: string, patch: Partial<Annotated['line']> = {}): Annotated => ({
  line: { indent: 0, pieces: [{ text: name }], names: [name], ...patch },
  notes: [],
});
const request = [line('POST'), line('Host'), line('grant_type', { gap: true }), line('code', { indent: 2 })];
const form = { side: 'request', in: 'form', name: 'resource', expected: 'http://a/mcp', absent: true } as const;

test('what is missing is written in where it should have been', () => {
  const pointed = point(request, [form], 'request');
  expect(pointed).toHaveLength(5);
  expect(pointed[4]).toMatchObject({ inserted: true, pointed: true });
  expect(pointed[4]?.line.pieces[0]?.text).toBe('&resource=http%3A%2F%2Fa%2Fmcp');
  const header = point(request, [{ ...form, in: 'header', name: 'DPoP' }], 'request');
  expect(header.findIndex(({ inserted }) => inserted)).toBe(2);
});

test('what is there and wrong is marked, on its side only, and no longer folded', () => {
  const folded = [line('POST'), line('Accept', { folded: true })];
  const accept = { side: 'request', in: 'header', name: 'accept', expected: null, absent: false } as const;
  expect(point(folded, [accept], 'request')[1]).toMatchObject({ pointed: true, line: { folded: false } });
  expect(point(folded, [accept], 'response')).toEqual(folded);
});
