/** What the table says of an operation, for the OpenAPI document and the reference. */
import { z } from 'zod';
import { errorAnswer } from '#lib/spec/answers.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';
import type { Answer, Method, Operation, ParameterDoc, Route } from './route.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A parameter, with the schema of its value. */
export interface Parameter {
  readonly name: string;
  readonly in: ParameterDoc['in'];
  readonly required: boolean;
  readonly description: string;
  readonly clause: ClauseId | null;
  readonly schema: Schema;
}

/** Every operation of a table with its route and method, in order. */
export function operationsOf(table: readonly Route[]): { route: Route; method: Method; operation: Operation }[] {
  return table.flatMap((route) =>
    (Object.entries(route.methods) as [Method, Operation][]).map(([method, operation]) => ({
      route,
      method,
      operation,
    })),
  );
}

/** A schema as JSON Schema 2020-12. @param io whether it describes what is parsed, or what comes out of it */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: keepOverride });
  return rest;
}

/** A schema may bring the JSON Schema of what it takes: `z.string().transform(Number)` takes a number in a query. */
function keepOverride({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Record<string, unknown> }): void {
  const own = z.globalRegistry.get(zodSchema as z.ZodType)?.override;
  if (typeof own !== 'object' || own === null) return;
  for (const name of ['type', 'pattern', 'override', 'minimum', 'maximum', 'default']) delete jsonSchema[name];
  Object.assign(jsonSchema, own);
}

/** Every parameter of an operation: those the engine reads, those of its schemas, and further ones. */
export async function parametersOf(operation: Operation): Promise<Parameter[]> {
  const documented = [...(operation.parameters ?? []), ...((await operation.moreParameters?.()) ?? [])];
  const found: Parameter[] = documented.map((one) => ({
    name: one.name,
    in: one.in,
    required: one.required ?? false,
    description: one.says,
    clause: one.clause ?? null,
    schema: one.in === 'json' ? {} : { type: 'string' },
  }));
  if (operation.query) found.push(...membersOf(jsonSchemaOf(operation.query, 'input'), 'query'));
  if (operation.input) found.push(...membersOf(jsonSchemaOf(operation.input, 'input'), 'json'));
  return found;
}

/** The members of an object schema; of a choice between objects, those of each. */
function membersOf(schema: Schema, place: 'query' | 'json'): Parameter[] {
  const {
    properties = {},
    required = [],
    anyOf,
    oneOf,
  } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
    anyOf?: Schema[];
    oneOf?: Schema[];
  };
  const choices = anyOf ?? oneOf;
  if (choices) return choices.flatMap((choice) => membersOf({ ...choice, required: [] }, place));
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description: typeof description === 'string' ? description : '',
    clause: null,
    schema: rest,
  }));
}

/** Every answer of an operation: its own, and those that all operations of its kind have. */
export function answersOf(route: Route, operation: Operation): Readonly<Record<number, Answer>> {
  const error = (description: string): Answer => ({ description, schema: errorAnswer });
  const common = {
    ...(operation.body || operation.query || operation.parameters ? { 400: error('The request is malformed.') } : {}),
    ...(operation.control ? { 401: error('The control token is missing or wrong.') } : {}),
    ...(route.sandbox || route.exists ? { 404: error('There is no such thing, or it has expired.') } : {}),
    ...(operation.body
      ? { 413: error('The body is over 64 KiB.'), 415: error('The body is of another content type.') }
      : {}),
    ...(route.limit ? { 429: error('Too many requests; Retry-After says when to try again.') } : {}),
    503: error('The database cannot be reached; Retry-After says when to try again.'),
  };
  const own = Object.entries(operation.answers).map(([status, answer]): [string, Answer] => [
    status,
    typeof answer !== 'string' ? answer : Number(status) >= 400 ? error(answer) : { description: answer },
  ]);
  return { ...common, ...Object.fromEntries(own) } as Readonly<Record<number, Answer>>;
}
