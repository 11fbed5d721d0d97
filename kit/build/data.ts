/**
 * Writes what the package carries as JSON: scenarios and rules, and the schemas of its configuration and its API.
 * `node kit/build/data.ts FOLDER`; part of `npm run package`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '#lib/coach/rules/index.ts';
import { configJsonSchema } from '#lib/config/describe.ts';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { createAuthwalk } from '../testing/create.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('kit/build/data.ts takes the folder to write to.');

function write(path: string, value: unknown): void {
  writeFileSync(join(folder!, path), `${JSON.stringify(value, null, 1)}\n`);
}

for (const name of ['data', 'schemas']) mkdirSync(join(folder, name), { recursive: true });
write('data/scenarios.json', { scenarios: [...scenarios().values()] });
write('data/rules.json', { rules: rules.map(({ judge: _judge, ...rule }) => rule) });

write('schemas/config.schema.json', {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration of a sandbox',
  ...configJsonSchema(),
});

const authwalk = await createAuthwalk({ listen: false });
write('schemas/openapi.json', await (await authwalk.fetch('/openapi.json')).json());
await authwalk.close();
