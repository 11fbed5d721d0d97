import { expect, test } from 'vitest';
import { randomPages } from './random.ts';

test('gives as many bytes as asked, never the same twice, across pages', () => {
  const random = randomPages();
  const all = Array.from({ length: 2000 }, (_, at) => random(16 + (at % 33)));
  expect(new Set(all).size).toBe(2000);
  for (const [at, text] of all.entries()) expect.soft(Buffer.from(text, 'base64url')).toHaveLength(16 + (at % 33));
  expect(Buffer.from(random(5000), 'base64url')).toHaveLength(5000);
  expect(all.some((text) => /^A+$/.test(text))).toBe(false);
});
