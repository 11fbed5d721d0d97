/** A client that is generated from the OpenAPI document: it compiles, and creates a sandbox. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from './lib/server.ts';

const root = join(import.meta.dirname, '..');
let folder: string;
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
  // Inside of the project, so that the generated file finds its runtime.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  folder = mkdtempSync(join(root, 'test-results', 'openapi-client-'));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (bin: string, args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'node_modules', ...bin.split('/')), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

/** What a user writes with the client: typed bodies, typed answers, a sandbox as the base of the protocol. */
const program = (origin: string) => `
import * as api from './client.ts';

api.defaults.baseUrl = ${JSON.stringify(origin)};
const made = await api.createSandbox({ ttl: 600, seed: { users: [{ email: 'ada@example.com' }] } });
if (made.status !== 201) throw new Error(JSON.stringify(made));
const sandbox = made.data;
const id: string = sandbox.id;
const headers = { authorization: \`Bearer \${sandbox.control_token}\` };
const clock = await api.advanceClock(id, { advance: 60 }, { headers });
const users = await api.listUsers(id, { headers });
const metadata = await api.readServerMetadata({ baseUrl: sandbox.issuer });
if (clock.status !== 200 || users.status !== 200 || metadata.status !== 200) throw new Error('refused');
const offset: number = clock.data.offset;
const issuer: string = metadata.data.issuer;
const emails = users.data.users.map(({ email }) => email);
console.log(JSON.stringify({ id, offset: Math.round(offset), emails, issuer }));
// @ts-expect-error the clock takes seconds, not a text
void (() => api.advanceClock(id, { advance: 'a minute' }));
`;

describe('a client generated from the OpenAPI document', () => {
  it('compiles, and creates a sandbox', async () => {
    const document = await (await fetch(`${server.origin}/openapi.json`)).text();
    writeFileSync(join(folder, 'openapi.json'), document);
    const made = run('oazapfts/dist/cli.js', [join(folder, 'openapi.json'), join(folder, 'client.ts')]);
    expect(made.stderr + made.stdout).not.toMatch(/error/i);
    writeFileSync(join(folder, 'program.ts'), program(server.origin));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'ES2024',
          lib: ['ES2024', 'DOM', 'DOM.Iterable'],
          module: 'nodenext',
          strict: true,
          noEmit: true,
          allowImportingTsExtensions: true,
          skipLibCheck: true,
          types: [],
        },
        include: ['*.ts'],
      }),
    );
    const compiled = run('typescript/bin/tsc', ['-p', folder]);
    expect(compiled.stdout + compiled.stderr).toBe('');
    // Not spawnSync: the server answers from this process.
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.ts')], { cwd: root });
    const said = JSON.parse(stdout) as { id: string; offset: number; emails: string[]; issuer: string };
    expect(said).toEqual({
      id: said.id,
      offset: 60,
      emails: ['ada@example.com'],
      issuer: `${server.origin}/s/${said.id}`,
    });
  });
});
