/**
 * Writes what the package carries as JSON: scenarios and rules, and the schemas of its configuration and its API.
 * `node kit/build/data.ts FOLDER`; part of `npm run package`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '#lib/coach/rules/index.ts';
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

const authwalk = await createAuthwalk({ listen: false });
for (const [name, path] of [
  ['openapi.json', '/openapi.json'],
  ['config.schema.json', '/schemas/config.schema.json'],
  ['report.schema.json', '/schemas/report.schema.json'],
] as const)
  write(`schemas/${name}`, await (await authwalk.fetch(path)).json());
await authwalk.close();
