/** `authwalk check` from outside: what it runs, what it says, and how it ends. */
import { spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseJunit } from 'junit2json';
import { afterAll, describe, expect, test } from 'vitest';
import { excuseOf, parseExpected, staleEntries, writeExpected } from './expected.ts';
import { selectScenarios } from './select.ts';
import { suiteEnvironment } from './suite.ts';
import { RULES_OF_TIME } from './timing.ts';
import { rules } from '#lib/coach/rules/index.ts';
import { scenarios } from '#lib/config/scenarios/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'authwalk-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SDK = ['node', 'examples/check/sdk-client.mjs'];

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function check(...args: string[]): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'kit/cli/main.ts', 'check', ...args],
    {
      env: { ...process.env, GITHUB_ACTIONS: '', AUTHWALK_URL: '', NODE_ENV: 'production' },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

describe('a client that is run', () => {
  test('passes where it conforms, and fails where it does not, with clause, evidence and fix', {
    timeout: 90_000,
  }, async () => {
    const junit = join(folder, 'junit.xml');
    const { status, stdout } = await check(
      ...[
        '-s',
        'iss-wrong-issuer',
        '-s',
        'metadata-no-pkce',
        '-r',
        'pretty',
        '-r',
        `junit=${junit}`,
        '-r',
        `markdown=${join(folder, 'made', 'check.md')}`,
        '-o',
        folder,
        '--',
        ...SDK,
      ],
    );
    expect(stdout).toMatch(/✓ conforming .*it gets through/);
    expect(stdout).toMatch(/✓ iss-wrong-issuer/);
    expect(stdout).toMatch(/✗ metadata-no-pkce/);
    expect(stdout).toContain('discovery.pkce-support-checked   MUST');
    expect(stdout).toMatch(/> #\d+/);
    expect(stdout).toMatch(/Fix {2}\S/);
    expect(stdout).toContain('Again      node bin/authwalk.cjs check -s metadata-no-pkce -- node');
    expect(status).toBe(1);
    const suites = await parseJunit(readFileSync(junit, 'utf8'));
    const names = (suites as { testsuite: { name: string; failures: number }[] }).testsuite.map(
      ({ name, failures }) => [name, Number(failures)],
    );
    expect(names).toContainEqual(['authwalk.iss-wrong-issuer', 0]);
    expect(names).toContainEqual(['authwalk.metadata-no-pkce', 1]);
    const markdown = readFileSync(join(folder, 'made', 'check.md'), 'utf8');
    expect(markdown).toContain('`discovery.pkce-support-checked` · MUST');
    // The sandbox is gone with its server.
    expect(markdown).not.toContain('/sandbox/');
    const report = JSON.parse(readFileSync(join(folder, 'metadata-no-pkce', 'report.json'), 'utf8'));
    expect(report.summary.fail).toBe(1);
    expect(
      JSON.parse(readFileSync(join(folder, 'metadata-no-pkce', 'run.har'), 'utf8')).log.entries.length,
    ).toBeGreaterThan(3);
  });

  test('is judged in the scenario conforming, too, if that was chosen', { timeout: 60_000 }, async () => {
    const chosen = ['-s', 'conforming', '-s', 'iss-wrong-issuer'];
    const { status, stdout } = await check(...chosen, '--json', '--', ...SDK);
    const states = JSON.parse(stdout).scenarios.map(({ scenario, state }: Record<string, string>) => [scenario, state]);
    expect(states).toEqual([
      ['conforming', 'passed'],
      ['iss-wrong-issuer', 'passed'],
    ]);
    expect(status).toBe(0);
    const strict = await check('-s', 'conforming', '--level', 'SHOULD', '--json', '--', ...SDK);
    expect(JSON.parse(strict.stdout).scenarios[0].state).toBe('warned');
    expect(strict.status).toBe(1);
  });

  test('is excused by the file of expected failures, which it can write', { timeout: 90_000 }, async () => {
    const file = join(folder, 'expected.yaml');
    const written = await check('-s', 'metadata-no-pkce', '--write-expected-failures', file, '--', ...SDK);
    expect(written.status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('metadata-no-pkce:discovery.pkce-support-checked');
    const excused = await check('-s', 'metadata-no-pkce', '--expected-failures', file, '--', ...SDK);
    expect(excused.stdout).toContain('1 expected');
    expect(excused.status).toBe(0);
  });

  test('that never connects ends the check with 3, and with its last words', { timeout: 60_000 }, async () => {
    const { status, stdout } = await check(
      '-s',
      'iss-wrong-issuer',
      '--',
      'node',
      '-e',
      'console.error("no idea what to do")',
    );
    expect(stdout).toContain('⊘ conforming');
    expect(stdout).toContain('no idea what to do');
    expect(status).toBe(3);
  });

  test('that stops at the 401 is told where it stopped, and what comes next', { timeout: 60_000 }, async () => {
    const script = join(folder, 'stops.mjs');
    writeFileSync(
      script,
      `await fetch(process.argv.at(-1), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
      });`,
    );
    const { status, stdout } = await check('-s', 'iss-wrong-issuer', '--', 'node', script);
    expect(stdout).toMatch(/⊘ conforming +It stopped: after-401/);
    expect(stdout).toMatch(/After #\d+: \S/);
    expect(status).toBe(3);
  });

  test('whose daemon holds its output for ever does not hold the check', { timeout: 60_000 }, async () => {
    const script = join(folder, 'daemon.mjs');
    writeFileSync(
      script,
      `import { spawn } from 'node:child_process';
      const wait = ['-e', 'setTimeout(() => {}, 40_000)'];
      spawn(process.execPath, wait, { stdio: 'inherit', detached: true }).unref();`,
    );
    const began = performance.now();
    const { status } = await check('-s', 'conforming', '--', 'node', script);
    expect(status).toBe(3);
    expect(performance.now() - began).toBeLessThan(35_000);
  });

  test('meets a user who refuses, and has got through with one who approves', { timeout: 60_000 }, async () => {
    const { status, stdout } = await check('-s', 'metadata-default', '--consent', 'deny', '--', ...SDK);
    expect(stdout).toContain('metadata-default');
    expect(stdout).not.toContain('never got through');
    expect(status).toBe(0);
  });

  test('does not run in a scenario that is not of its revision, and that is said', { timeout: 60_000 }, async () => {
    const old = '2025-03-26-oauth-endpoint-fallback';
    const { stderr } = await check('-s', 'metadata-default', '-s', old, '-r', 'json', '--', 'node', '-e', '0');
    expect(stderr).toBe(`Left out, because it is not for 2026-07-28: ${old}\n`);
  });

  test('that goes silent in a scenario fails it: silence is no pass', { timeout: 60_000 }, async () => {
    const script = join(folder, 'shy.mjs');
    writeFileSync(
      script,
      `if (process.env.AUTHWALK_SCENARIO === 'conforming') {
        process.argv[1] = ${JSON.stringify(join(process.cwd(), 'examples/check/sdk-client.mjs'))};
        await import(${JSON.stringify(join(process.cwd(), 'examples/check/sdk-client.mjs'))});
      }`,
    );
    const json = join(folder, 'check.json');
    const decides = ['--consent', 'ask', '--redirect-uri', 'http://127.0.0.1:8976/callback', '--timeout', '20'];
    const { status, stdout } = await check(
      '-s',
      'state-wrong',
      ...decides,
      '-r',
      'pretty',
      '-r',
      `json=${json}`,
      '--',
      'node',
      script,
    );
    expect(stdout).toContain('⊘ state-wrong');
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(json, 'utf8')).scenarios[0].state).toBe('unreached');
    // What repeats it takes along what decides how it runs, and leaves out where the results went.
    expect(stdout).toContain(`Again      node bin/authwalk.cjs check -s state-wrong ${decides.join(' ')} -- node`);
  });
});

describe('used wrongly', () => {
  test.each([
    [[], 'There is no client to run'],
    [['-s', 'nope', '--', 'x'], 'there is no such scenario'],
    [['--group', 'nope', '--', 'x'], 'the groups are'],
    [['--revision', '1999-01-01', '--', 'x'], '--revision takes'],
    [['-r', 'nope', '--', 'x'], 'the reporters are'],
    [['--json', '-r', 'junit', '--', 'x'], 'give one of them a file'],
    [['--expected-failures', '/nowhere.yaml', '--', 'x'], 'cannot be read'],
    [['--', ''], 'There is no client to run'],
    [['-j', '2.5', '--', 'x'], 'a whole number from 1 to 32'],
    [['-r', 'junit=', '--', 'x'], 'the path of a file is missing'],
    [['--redirect-uri', 'nowhere', '--', 'x'], 'an absolute URI'],
  ])('%j ends with 2 and says what it takes', async (args, says) => {
    const { status, stderr } = await check(...args);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
  });

  test('a command that does not exist ends with 3', async () => {
    const { status, stderr } = await check('-s', 'conforming', '--', 'authwalk-no-such-command');
    expect(stderr).toContain('there is no such command');
    expect(status).toBe(3);
  });
});

describe('the file of expected failures', () => {
  const known = { scenarios: new Set(['a', 'b']), rules: new Set(['r.one', 'r.two']) };
  const read = (text: string) => parseExpected(text, 'file', known);

  test('names scenarios, rules in scenarios, and rules everywhere', () => {
    const expected = read('client:\n  - auth/a\n  - b:r.one\n  - "*:r.two"\nquarantine:\n  - b\n');
    expect(excuseOf(expected, 'a', 'r.one', '2026-01-01')).not.toBeNull();
    expect(excuseOf(expected, 'b', 'r.one', '2026-01-01')).not.toBeNull();
    expect(excuseOf(expected, 'b', 'r.two', '2026-01-01')).not.toBeNull();
    expect(expected.quarantine).toEqual(new Set(['b']));
  });

  test('excuses no longer than it says', () => {
    const expected = read('client:\n  - { scenario: a, rule: r.one, until: 2027-03-01 }\n');
    expect(excuseOf(expected, 'a', 'r.one', '2027-03-01')).not.toBeNull();
    expect(excuseOf(expected, 'a', 'r.one', '2027-03-02')).toBeNull();
  });

  test('an entry that passes is stale; one that was not observed is not', () => {
    const expected = read('client:\n  - a:r.one\n  - b:r.two\n');
    const stale = staleEntries(expected, [
      { scenario: 'a', rule: 'r.one', verdict: 'pass' },
      { scenario: 'b', rule: 'r.two', verdict: 'not_observed' },
    ]);
    expect(stale.map(({ text }) => text)).toEqual(['a:r.one']);
  });

  test.each([
    ['client:\n  - nope', 'there is no scenario'],
    ['client:\n  - a:nope', 'there is no rule'],
    ['client:\n  - a\n  - a:r.one', 'expected to fail already'],
    ['client: [}', 'is no YAML'],
    ['clients: []', 'file'],
  ])('%j is refused', (text, says) => {
    expect(() => read(text)).toThrow(says);
  });

  test('a whole scenario that only warns by now is stale; one in which a rule fails is not', () => {
    const judged = [
      { scenario: 'a', rule: 'r.one', verdict: 'pass' },
      { scenario: 'a', rule: 'r.two', verdict: 'warn' },
      { scenario: 'b', rule: 'r.one', verdict: 'pass' },
      { scenario: 'b', rule: 'r.two', verdict: 'fail' },
    ] as const;
    expect(staleEntries(read('client:\n  - a\n  - b\n'), judged).map(({ text }) => text)).toEqual(['a']);
  });

  test('reads what it writes', () => {
    const text = writeExpected([{ scenario: 'a', rule: 'r.one', verdict: 'fail' }]);
    expect(excuseOf(read(text), 'a', 'r.one', '2026-01-01')).not.toBeNull();
  });
});

describe('the choice of scenarios', () => {
  const base = { revision: '2026-07-28', oauth: false, ownOrigin: true };
  const ids = (more: object): string[] => selectScenarios({ ...base, ...more }).chosen.map(({ id }) => id);

  test('takes globs and the names of the conformance suite', () => {
    expect(ids({ scenario: ['iss-*'] }).every((id) => id.startsWith('iss-'))).toBe(true);
    const ofSuite = ids({ scenario: ['auth/*'] });
    expect(ofSuite).toContain('iss-wrong-issuer');
    expect(ofSuite.filter((id) => scenarios().get(id)!.conformance === null)).toEqual([]);
    const named = [...scenarios().values()].find(
      (one) => one.conformance !== null && one.versions.includes('2026-07-28'),
    )!;
    expect(ids({ scenario: [named.conformance!] })).toEqual([named.id]);
  });

  test('leaves out what a client without MCP cannot meet', () => {
    const chosen = ids({ oauth: true });
    expect(chosen.length).toBeGreaterThan(10);
    expect(chosen.every((id) => scenarios().get(id)!.versions.includes('oauth'))).toBe(true);
  });

  test('without an origin for each sandbox, those that need one are left out and listed', () => {
    const shared = selectScenarios({ ...base, revision: '2025-03-26', ownOrigin: false });
    expect(shared.left.some(({ why }) => why.includes('alone on its origin'))).toBe(true);
    const own = selectScenarios({ ...base, revision: '2025-03-26' });
    expect(own.chosen.length).toBeGreaterThan(shared.chosen.length);
  });
});

describe('a client of the MCP conformance suite', () => {
  const told = (conformance: string | null, client: Record<string, unknown> | null = null) =>
    suiteEnvironment({ conformance }, client as never, '2026-07-28');

  test('is told the names of the suite, and that of its plainest scenario where the suite has none', () => {
    expect(told('auth/iss-wrong-issuer')).toEqual({
      MCP_CONFORMANCE_SCENARIO: 'auth/iss-wrong-issuer',
      MCP_CONFORMANCE_PROTOCOL_VERSION: '2026-07-28',
    });
    expect(told(null).MCP_CONFORMANCE_SCENARIO).toBe('auth/metadata-default');
  });

  test('gets keys and assertions in the words of the suite', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256' };
    const context = (client: Record<string, unknown>) =>
      JSON.parse(told('auth/client-credentials-jwt', { client_id: 'c', ...client }).MCP_CONFORMANCE_CONTEXT!);
    const { private_key_pem, signing_algorithm, name } = context({ private_jwk: jwk });
    expect([name, signing_algorithm]).toEqual(['auth/client-credentials-jwt', 'ES256']);
    expect(createPrivateKey(private_key_pem).export({ format: 'jwk' })).toMatchObject({ d: jwk.d });
    expect(context({ id_token: 'id', idp_issuer: 'i' })).toMatchObject({ idp_id_token: 'id', idp_client_id: 'c' });
    expect(context({ assertions: { valid: 'v', wrong_audience: 'w', expired: 'e' } })).toMatchObject({
      valid_jwt: 'v',
      wrong_audience_jwt: 'w',
      expired_jwt: 'e',
    });
  });
});

test('every rule that measures time exists', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect([...RULES_OF_TIME].filter((id) => !known.has(id))).toEqual([]);
});
