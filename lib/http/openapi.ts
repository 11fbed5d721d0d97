/** The OpenAPI 3.1 document, made from the table that routes. */
import { configJsonSchema } from '#lib/config/describe.ts';
import { clauses } from '#lib/spec/clauses.ts';
import { answersOf, jsonSchemaOf, operationsOf, type Parameter, parametersOf } from './describe.ts';
import type { Answer, Method, Operation, Route } from './route.ts';
import type { z } from 'zod';

type Json = Record<string, unknown>;
/** Schemas that have a name, collected while the document is made. */
type Components = Map<string, Json>;

/**
 * The document for one origin. What lives below each `{base}` stands there once: `{base}` is a variable of the
 * server, `{origin}` or `{origin}/s/{id}`.
 * @param origin without a trailing slash
 */
export async function openapiDocument(table: readonly Route[], origin: string, version: string): Promise<Json> {
  const components: Components = new Map();
  const paths: Record<string, Json> = {};
  for (const { route, method, operation } of operationsOf(table)) {
    const path = documentedPath(route);
    paths[path] ??= pathItem(path, route, origin);
    const item = paths[path];
    item[method.toLowerCase()] ??= await operationObject(route, method, operation, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Authwalk',
      version,
      summary: 'An OAuth 2.1 authorization server and MCP servers to learn from and to test clients against.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: '{base}',
        description: 'The server itself, or one sandbox of it. It is also the issuer.',
        variables: { base: { default: origin, description: '{origin}, or {origin}/s/{id} for a sandbox' } },
      },
    ],
    paths,
    components: {
      securitySchemes: {
        control: { type: 'http', scheme: 'bearer', description: 'The control token of the sandbox.' },
      },
      schemas: { ...Object.fromEntries(components), Knobs: configJsonSchema() },
    },
  };
}

/** The path of a route in the document. An inserted address is shown with the sandbox: without one it is `{base}`. */
export function documentedPath(route: Route): string {
  const path = template(route.path);
  if (route.scope === 'base') return path === '' ? '/' : path;
  if (route.scope === 'inserted') return `${path}/s/{sandbox}${template(route.suffix ?? '')}`;
  return path;
}

function template(path: string): string {
  return path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}');
}

function pathItem(path: string, route: Route, origin: string): Json {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return {
    ...(route.scope === 'base' ? {} : { servers: [{ url: origin }] }),
    ...(names.length > 0
      ? { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) }
      : {}),
  };
}

async function operationObject(
  route: Route,
  method: Method,
  operation: Operation,
  components: Components,
): Promise<Json> {
  const parameters = await parametersOf(operation);
  const outside = parameters.filter(({ in: place }) => place === 'query' || place === 'header');
  const clause = operation.clause === undefined ? undefined : clauses[operation.clause];
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [route.endpoint],
    ...(clause ? { externalDocs: { url: clause.url, description: clause.label } } : {}),
    ...(outside.length > 0 ? { parameters: outside.map(parameterObject) } : {}),
    ...(operation.body && method !== 'GET' ? { requestBody: requestBody(operation, parameters, components) } : {}),
    ...(operation.control ? { security: [{ control: [] }] } : {}),
    responses: Object.fromEntries(
      Object.entries(answersOf(route, operation)).map(([status, answer]) => [status, response(answer, components)]),
    ),
  };
}

function parameterObject({ name, in: place, required, description, schema }: Parameter): Json {
  return { name, in: place, ...(required ? { required } : {}), ...(description ? { description } : {}), schema };
}

function requestBody(operation: Operation, parameters: readonly Parameter[], components: Components): Json {
  const type = operation.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  const schema = operation.input
    ? schemaObject(operation.input, 'input', components)
    : membersSchema(
        parameters.filter(({ in: place }) => place === 'form' || place === 'json'),
        operation.body === 'form',
      );
  return { content: { [type]: { schema } } };
}

function membersSchema(members: readonly Parameter[], text: boolean): Json {
  const required = members.filter((one) => one.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      members.map(({ name, description }) => [name, { ...(text ? { type: 'string' } : {}), description }]),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
}

function response({ description, schema, types }: Answer, components: Components): Json {
  const media = types ?? (schema ? ['application/json'] : []);
  if (media.length === 0) return { description };
  const content = media.map((type) => [type, schema ? { schema: schemaObject(schema, 'output', components) } : {}]);
  return { description, content: Object.fromEntries(content) };
}

/** A schema in its place: a named one goes to the components, and is referred to. */
function schemaObject(schema: z.ZodType, io: 'input' | 'output', components: Components): Json {
  const { $defs = {}, ...own } = jsonSchemaOf(schema, io) as Json & { $defs?: Record<string, Json> };
  for (const [name, definition] of Object.entries($defs)) components.set(name, withReferences(definition) as Json);
  return withReferences(own) as Json;
}

/** A schema as OpenAPI has it, throughout. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  const found: Json = {};
  for (const [name, inner] of Object.entries(value)) {
    // The name of a definition is its key in the components.
    if (name === 'id' && typeof inner === 'string') continue;
    if (name === '$ref' && typeof inner === 'string') found[name] = inner.replace('#/$defs/', '#/components/schemas/');
    // TypeScript cannot say of what type the other members are, if the named ones are of another.
    else if (name === 'additionalProperties' && 'properties' in value && typeof inner === 'object') found[name] = true;
    else found[name] = withReferences(inner);
  }
  return found;
}
