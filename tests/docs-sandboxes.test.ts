/** Every command of docs/sandboxes.md, pasted one after the other. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startServer } from './lib/server.ts';

const run = promisify(execFile);
const present = async (tool: string, ...args: string[]) =>
  run(tool, args).then(
    () => true,
    () => false,
  );
// --json came with curl 7.82.
const canRun = (await present('curl', '--json', '{}', '--version')) && (await present('jq', '--version'));

test.skipIf(!canRun)('the commands of docs/sandboxes.md work when they are pasted', { timeout: 60_000 }, async () => {
  const text = await readFile(join(import.meta.dirname, '..', 'docs', 'sandboxes.md'), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);
  expect(blocks.length).toBeGreaterThan(10);
  const server = await startServer();
  try {
    const { stdout } = await run(
      'sh',
      ['-c', `set -eu\n${blocks.map((block, index) => `echo "== ${index}"\n${block}`).join('\n')}\necho "== end"`],
      { env: { ...process.env, AUTHWALK: server.origin } },
    );
    const said = stdout
      .split(/^== \S+\n/m)
      .slice(1)
      .map((part) => part.trim());
    const of = (words: string): string => said[blocks.findIndex((block) => block.includes(words))]!;
    expect(said).toHaveLength(blocks.length + 1);
    expect(of('echo "$MADE" | jq')).toContain(`"oauth": "${server.origin}/s/`);
    expect(of('"refresh": { "grace": 30 }')).toContain('"refresh.grace": 30');
    expect(of('sign_in() {')).toBe('200');
    expect(of('/exchanges?after=3')).toMatch(/^\d+ register POST 201/);
    expect(of('Last-Event-ID')).toMatch(/^id: \d+\nid: \d+/);
    expect(of('"advance": 3601').match(/^(?:401|200)$/gm)).toEqual(['401', '200']);
    expect(of('Retry-After').match(/"acted": 0/g)).toHaveLength(2);
    expect(of('"drop": true, "committed": true')).toContain('"access_token"');
    expect(of('"drop": true, "committed": true')).toContain('"revoked_by": null');
    expect(of('"order": [2, 1]')).toBe('true\n"refresh-spent"');
    expect(of('format=har')).toContain("import { expect, test } from '@playwright/test';");
    expect(of('/shares')).toMatch(/\/sandbox\/[a-z0-9]+#share=share_/);
  } finally {
    await server.close();
  }
});
