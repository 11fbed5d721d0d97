/** Bodies and queries held to their schemas. */
import { z } from 'zod';
import { plainly } from '#lib/config/plainly.ts';
import { ControlError } from './errors.ts';

/** What a body says. @throws ControlError 400 `invalid_request` with what is wrong where */
export function parseBody<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const read = schema.safeParse(json, { error: plainly });
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.map(String).join('.'), says: issue.message }));
  throw new ControlError(
    400,
    'invalid_request',
    problems.map(({ path, says }) => (path === '' ? `body: ${says}` : `${path}: ${says}`)).join('; '),
    { problems },
  );
}

/**
 * What a query says; a parameter that comes twice counts as its last value, unknown ones are ignored.
 * @throws ControlError 400
 */
export function parseQuery<Schema extends z.ZodObject>(schema: Schema, url: string): z.output<Schema> {
  const start = url.indexOf('?');
  const given = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
  return parseBody(schema, Object.fromEntries(given));
}

/** A whole number of the query within bounds, with what counts if it is left out. */
export function wholeNumber(from: number, to: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, `takes a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `takes a whole number from ${from} to ${to}`)
    .default(otherwise)
    .meta({ override: { type: 'integer', minimum: from, maximum: to, default: otherwise } });
}
