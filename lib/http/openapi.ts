/** The OpenAPI 3.1 document, made from the table that routes. */
import { clauses } from '#lib/spec/clauses.ts';
import { addressesOf } from './addresses.ts';
import type { Operation, ParameterDoc, Route } from './route.ts';

type Json = Record<string, unknown>;

/** The document for one origin. */
export function openapiDocument(routes: readonly Route[], origin: string, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    for (const { path, place } of addressesOf(route)) {
      // The further issuers and the decoy repeat the tree of the sandbox.
      if (place.issuer !== null || place.decoy || paths[template(path)] !== undefined) continue;
      const item: Json = {};
      const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
      if (names.length > 0)
        item.parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
      for (const [method, operation] of Object.entries(route.methods))
        item[method.toLowerCase()] = operationObject(route, operation, path, method);
      paths[template(path)] = item;
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Authwalk',
      version,
      summary: 'An OAuth 2.1 authorization server and MCP servers to learn from and to test clients against.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        control: { type: 'http', scheme: 'bearer', description: 'The control token of the sandbox.' },
      },
      schemas: {
        Error: {
          type: 'object',
          required: ['error', 'error_description', 'error_uri'],
          properties: {
            error: { type: 'string' },
            error_description: { type: 'string' },
            error_uri: { type: 'string', format: 'uri' },
          },
        },
      },
    },
  };
}

function template(path: string): string {
  return path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}');
}

function operationObject(route: Route, operation: Operation, path: string, method: string): Json {
  const parameters = (operation.parameters ?? []).filter(({ in: place }) => place === 'query' || place === 'header');
  const inBody = (operation.parameters ?? []).filter(({ in: place }) => place === 'form' || place === 'json');
  const clause = operation.clause === undefined ? undefined : clauses[operation.clause];
  return {
    operationId: `${route.endpoint}-${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')}`,
    summary: operation.summary,
    tags: [route.endpoint],
    ...(clause ? { externalDocs: { url: clause.url, description: clause.label } } : {}),
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterObject) } : {}),
    ...(operation.body ? { requestBody: requestBody(operation.body, inBody) } : {}),
    ...(operation.control ? { security: [{ control: [] }] } : {}),
    responses: responses(operation),
  };
}

function parameterObject({ name, in: place, required, says }: ParameterDoc): Json {
  return { name, in: place, ...(required ? { required } : {}), description: says, schema: { type: 'string' } };
}

function requestBody(kind: NonNullable<Operation['body']>, members: readonly ParameterDoc[]): Json {
  const schema: Json = {
    type: 'object',
    ...(members.length > 0
      ? {
          properties: Object.fromEntries(
            members.map(({ name, says }) => [
              name,
              kind === 'form' ? { type: 'string', description: says } : { description: says },
            ]),
          ),
        }
      : {}),
    ...(members.some(({ required }) => required)
      ? { required: members.filter(({ required }) => required).map(({ name }) => name) }
      : {}),
  };
  return { content: { [kind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json']: { schema } } };
}

function responses(operation: Operation): Json {
  const error = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  const entries = Object.entries(operation.responses ?? { 200: 'Done.' });
  return Object.fromEntries(
    entries.map(([status, description]) => [status, { description, ...(Number(status) >= 400 ? error : {}) }]),
  );
}
