import { expect, test } from 'vitest';
import { scryptHasher } from './passwords.ts';

const hasher = scryptHasher();

test('a hash is salted, names its cost, and is verified by its password only', async () => {
  const [one, two] = await Promise.all([hasher.hash('rhubarb'), hasher.hash('rhubarb')]);
  expect(one).not.toBe(two);
  expect(one).toMatch(/^\$scrypt\$32768,8,1\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toContain('rhubarb');
  expect(await hasher.verify('rhubarb', one)).toBe(true);
  expect(await hasher.verify('Rhubarb', one)).toBe(false);
});

test('the Unicode form in which a password was typed does not matter', async () => {
  expect(await hasher.verify('Cafe\u0301', await hasher.hash('Caf\u00e9'))).toBe(true);
});

test('what is no hash verifies nothing', async () => {
  expect(await hasher.verify('', '')).toBe(false);
  expect(await hasher.verify('x', '$scrypt$1$2$3')).toBe(false);
});
