/** What the kit says when something goes wrong: attachments, a 500 that nobody expected, a port that is taken. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { choosePort } from '../kit/cli/serve.ts';
import { createAuthwalk } from '../kit/testing/index.ts';

const root = join(import.meta.dirname, '..');
mkdirSync(join(root, 'test-results'), { recursive: true });
const folder = mkdtempSync(join(root, 'test-results', 'kit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a Playwright test that fails gets the report and the HAR, with secrets masked', () => {
  const spec = `
    import { expect, test } from 'authwalk/playwright';
    test('fails', async ({ sandbox }) => {
      const token = await sandbox.token();
      await fetch(sandbox.mcp.oauth, { method: 'POST', headers: { authorization: 'Bearer ' + token }, body: '{}' });
      console.log('token ' + token);
      expect(1).toBe(2);
    });
    test('passes', async ({ sandbox }) => {
      expect((await fetch(sandbox.issuer)).status).toBeLessThan(500);
    });`;
  const out = mkdtempSync(join(tmpdir(), 'authwalk-attached-'));
  writeFileSync(join(folder, 'attached.spec.ts'), spec);
  writeFileSync(
    join(folder, 'playwright.config.ts'),
    `export default { testDir: '.', outputDir: ${JSON.stringify(out)}, reporter: 'json' };`,
  );
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const done = spawnSync(process.execPath, [cli, 'test', '--config', join(folder, 'playwright.config.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  const { suites } = JSON.parse(done.stdout) as { suites: { specs: Spec[] }[] };
  const [failed, passed] = suites[0]!.specs.map(({ tests }) => tests[0]!.results[0]!);
  const text = (name: string): string => {
    const { path, body } = failed!.attachments.find((one) => one.name === name)!;
    return path === undefined ? Buffer.from(body!, 'base64').toString() : readFileSync(path, 'utf8');
  };
  const token = failed!.stdout.map(({ text: line }) => /token (\S+)/.exec(line)?.[1]).find(Boolean)!;
  expect(text('authwalk-report.md')).toContain('Authwalk');
  const har = JSON.parse(text('authwalk.har')) as { log: { entries: unknown[] } };
  expect(har.log.entries).toHaveLength(1);
  expect(JSON.stringify(har)).not.toContain(token);
  expect(passed!.attachments).toEqual([]);
  rmSync(out, { recursive: true, force: true });
}, 180_000);

interface Spec {
  readonly tests: {
    readonly results: {
      readonly attachments: { readonly name: string; readonly path?: string; readonly body?: string }[];
      readonly stdout: { readonly text: string }[];
    }[];
  }[];
}

test('a 500 in a test is never silent: close throws what was logged', async () => {
  let broken = false;
  const authwalk = await createAuthwalk({
    listen: false,
    now: () => {
      if (broken) throw new Error('The wall clock fell off the wall.');
      return Date.now();
    },
  });
  const sandbox = await authwalk.sandbox();
  broken = true;
  const answer = await authwalk.fetch(`${sandbox.issuer}/oauth/token`, { method: 'POST', body: 'grant_type=x' });
  expect(answer.status).toBe(500);
  broken = false;
  const thrown = await authwalk.close().then(
    () => null,
    (error: unknown) => error as AggregateError,
  );
  expect(thrown).toBeInstanceOf(AggregateError);
  expect(thrown!.errors.some((error: Error) => String(error.cause).includes('fell off the wall'))).toBe(true);
});

test('a port that was not asked for and is taken: the next free one, said aloud', async () => {
  const taken = createServer();
  // Whoever else holds it, it is taken.
  await new Promise<void>((resolve) => {
    taken.once('error', () => resolve());
    taken.listen(3000, '127.0.0.1', resolve);
  });
  const said: string[] = [];
  const port = await choosePort((line) => said.push(line));
  expect(port).toBeGreaterThan(3000);
  expect(said).toEqual([`Port 3000 is taken: this is ${port}.`]);
  await new Promise((resolve) => taken.close(resolve));
});
