import { expect, test } from 'vitest';
import { RawHeaders } from './request.ts';

const LIST = [
  ['Host', 'localhost'],
  ['Authorization', 'Bearer a'],
  ['authorization', 'Bearer b'],
  ['Cookie', 'a=1'],
  ['cookie', 'b=2'],
  ['X-Empty', ''],
] as const;

test.each(['host', 'HOST', 'authorization', 'cookie', 'x-empty', 'absent'])(
  'reads the header %s as the web platform does, repeated fields too',
  (name) => {
    const raw = new RawHeaders(LIST.flat());
    const headers = new Headers(LIST.map(([key, value]) => [key, value]));
    expect([raw.get(name), raw.has(name)]).toEqual([headers.get(name), headers.has(name)]);
    expect(Object.fromEntries(raw)).toEqual(Object.fromEntries(headers));
  },
);
