import type { z } from 'zod';

/**
 * The schema of a tool's input or output. As JSON Schema it has no `$schema`: 2020-12 is what MCP assumes without one
 * (SEP-1613), and the validators of older clients warn of an address that they do not know.
 */
export function toolSchema<Schema extends z.ZodObject>(schema: Schema): Schema {
  const standard = schema['~standard'];
  const { input, output } = standard.jsonSchema;
  const value = {
    ...standard,
    jsonSchema: {
      input: (options: Parameters<typeof input>[0]) => withoutDialect(input(options)),
      output: (options: Parameters<typeof output>[0]) => withoutDialect(output(options)),
    },
  };
  return Object.create(schema, { '~standard': { value } }) as Schema;
}

function withoutDialect({ $schema: _dialect, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}
