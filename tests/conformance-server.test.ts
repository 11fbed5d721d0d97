import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from './lib/server.ts';

/**
 * Scenarios of the suite that fail here, and why. The list is checked both ways: what fails must
 * stand here, and what stands here must fail. The suite's own reference server fails each of them too.
 */
const EXPECTED_FAILURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2025-11-25': {},
  '2026-07-28': Object.fromEntries(
    [
      'tasks-lifecycle',
      'tasks-capability-negotiation',
      'tasks-wire-fields',
      'tasks-request-state-removal',
      'tasks-mrtr-input',
      'tasks-request-headers',
      'tasks-dispatch-and-envelope',
      'tasks-required-task-error',
      'tasks-mrtr-composition',
    ].map((scenario) => [scenario, 'The extension io.modelcontextprotocol/tasks is not offered, and not scored.']),
  ),
};

let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), 'authwalk-conformance-server-'));
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Runs the suite. @returns its exit code, and the checks of each scenario */
async function run(revision: string): Promise<{ code: number; output: string; scenarios: Map<string, Check[]> }> {
  const into = join(folder, revision);
  const suite = spawn(
    process.execPath,
    [
      'node_modules/@modelcontextprotocol/conformance/dist/index.js',
      'server',
      '--url',
      `${server.origin}/no-auth`,
      '--requirements',
      revision,
      '-o',
      into,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  suite.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  suite.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number>((resolve) => suite.once('exit', (status) => resolve(status ?? 1)));
  const scenarios = new Map(
    readdirSync(into).map((name) => [
      // server-{scenario}-{time}
      name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, ''),
      JSON.parse(readFileSync(join(into, name, 'checks.json'), 'utf8')) as Check[],
    ]),
  );
  return { code, output, scenarios };
}

test.each(Object.keys(EXPECTED_FAILURES))(
  'the MCP conformance suite for servers passes for %s, but for what is named here',
  async (revision) => {
    const { code, output, scenarios } = await run(revision);
    expect(scenarios.size, output).toBeGreaterThan(30);
    const failing = [...scenarios].flatMap(([scenario, checks]) => {
      const failures = checks.filter(({ status }) => status === 'FAILURE');
      return failures.length === 0
        ? []
        : [{ scenario, failures: failures.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ''}`) }];
    });
    const expected = EXPECTED_FAILURES[revision]!;
    expect(failing.filter(({ scenario }) => !Object.hasOwn(expected, scenario))).toEqual([]);
    expect(
      Object.keys(expected).filter((scenario) => !failing.some((found) => found.scenario === scenario)),
      'passes now: take it off the list',
    ).toEqual([]);
    expect(code, output).toBe(0);
    // What the suite could not judge does not count as passed.
    expect(
      scenarios.get('dns-rebinding-protection')?.every(({ status }) => status === 'SUCCESS'),
      output,
    ).toBe(true);
  },
);
