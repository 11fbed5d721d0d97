import type { z } from 'zod';
import { ControlError } from '../errors.ts';

/** What a body says, held to its schema. @throws ControlError 400 `invalid_request` with what is wrong where */
export function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.map(String).join('.'), says: issue.message }));
  throw new ControlError(
    400,
    'invalid_request',
    problems.map(({ path, says }) => (path === '' ? says : `${path}: ${says}`)).join('; '),
    { problems },
  );
}

/** A whole number of the query within bounds, or what stands for it. @throws ControlError 400 */
export function numberOf(
  query: URLSearchParams,
  name: string,
  { from, to, otherwise }: { from: number; to: number; otherwise: number },
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new ControlError(400, 'invalid_request', `${name} takes a whole number from ${from} to ${to}.`);
}
