import { expect, it } from 'vitest';
import { z } from 'zod';
import { plainly } from './plainly.ts';

const says = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value, { error: plainly }).error?.issues ?? []).map(({ path, message }) =>
    [...path.map(String), message].join(' '),
  );

const object = z.strictObject({ name: z.string().max(3).optional(), size: z.number().int().optional() });

it.each<[z.ZodType, unknown, string[]]>([
  [z.object({}), null, ['takes an object, not null']],
  [z.object({ a: z.string() }), {}, ['a is missing; it takes a text']],
  [z.object({ a: z.enum(['x', 'y']) }), {}, ['a is missing; it takes "x" or "y"']],
  [z.array(z.int()), [1.5, 'x'], ['0 takes a whole number, not 1.5', '1 takes a number, not a text']],
  [z.enum(['a', 'b', 'c']), 'd', ['takes "a", "b" or "c", not "d"']],
  [z.enum(['a']), 'x'.repeat(500), ['takes "a", not a text']],
  [object, { name: 'long' }, ['name takes at most 3 characters']],
  [z.string().min(1), '', ['takes at least 1 character']],
  [z.array(z.string()).max(1), ['a', 'b'], ['takes at most 1 entry']],
  [z.number().gt(0).lt(10), 10, ['takes a number, less than 10']],
  [z.number().multipleOf(5), 3, ['takes a multiple of 5, not 3']],
  [object, { other: 1, 'one more': 2 }, ['takes no member "other" or "one more"']],
  [z.email(), 'nobody', ['takes an email address']],
  [z.string().regex(/^[a-z]+$/), 'A', ['takes a text that matches /^[a-z]+$/']],
  [z.union([z.literal('own'), z.array(z.string())]), 5, ['takes "own" or a list, not 5']],
  [z.union([z.string(), object]), { size: 'x' }, ['size: takes a number, not a text']],
  [z.string('is a name'), 5, ['is a name']],
])('%# is told in plain words', (schema, value, expected) => {
  expect(says(schema, value)).toEqual(expected);
});
