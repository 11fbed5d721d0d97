/** What a test author may get wrong, and what a server leaves behind when it ends. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import * as matchers from '../matchers.ts';
import {
  assertReceived,
  assertReport,
  type Authwalk,
  type AuthwalkOptions,
  type Came,
  connectAuthwalk,
  createAuthwalk,
  type Decision,
  type EndpointName,
  type Exchange,
  type FaultInput,
  type Report,
  type Sandbox,
  type SandboxSetup,
  type Sent,
} from './index.ts';
import { failureOf } from './report.ts';

let authwalk: Authwalk;
let sandbox: Sandbox;
beforeAll(async () => {
  authwalk = await createAuthwalk({ listen: false });
  sandbox = await authwalk.sandbox();
});
afterAll(() => authwalk.close());

/** As JavaScript, where nothing stops a wrong name. */
/** What the types forbid is what is tried here. */
const loose = (value: unknown): never => value as never;

describe('a wrong name is an error, because an expectation that is negated would hold for ever', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['an endpoint', () => matchers.toHaveReceived(sandbox, loose('tokn')), /no endpoint with the name "tokn".*token/],
    ['an endpoint to wait for', () => sandbox.waitFor(loose('tokens')), /no endpoint with the name "tokens"/],
    ['what came of it', () => sandbox.exchanges('token', {}, loose({ code: 200 })), /takes no "code".*"status"/],
    ['a number for a parameter', () => sandbox.exchanges('token', loose({ max_age: 5 })), /"max_age" has number/],
    ['a level', () => matchers.toPassReport(sandbox, loose({ level: 'must' })), /MUST or SHOULD/],
    ['an option of a report', () => matchers.toPassReport(sandbox, loose({ rule: [] })), /takes no "rule"/],
    ['a rule', () => matchers.toHaveVerdict(sandbox, 'authorize.nothing', 'pass'), /no rule with the id/],
    ['a verdict', () => matchers.toHaveVerdict(sandbox, 'authorize.pkce', loose('passed')), /not "passed"/],
    ['a fault', () => matchers.toHaveFired(sandbox, 'f_none'), /no fault with the id/],
    ['no sandbox', () => matchers.toPassReport(authwalk), /looks at a sandbox/],
    ['a member of a sandbox', () => authwalk.sandbox(loose({ scenarios: 'x' })), /takes no "scenarios".*"scenario"/],
    ['an option of a server', () => createAuthwalk(loose({ prot: 3000 })), /takes no "prot".*"port"/],
    ['a setup that is no object', () => authwalk.sandbox(loose('conforming')), /takes an object.*not "conforming"/],
    ['a port', () => createAuthwalk(loose({ port: '3000' })), /port is a whole number/],
    ['a clock', () => createAuthwalk(loose({ now: 5 })), /now is a function/],
    ['an address without a scheme', () => connectAuthwalk('localhost:3000'), /such as http:\/\/localhost:3000/],
    ['a status in quotes', () => matchers.toHaveReceived(sandbox, 'token', {}, loose({ status: '200' })), /a number/],
    ['a time to wait', () => sandbox.waitFor('token', {}, loose({ timeout: 'long' })), /a number/],
    ['no endpoint to wait for', () => sandbox.waitFor(loose(undefined)), /no endpoint with the name undefined/],
    ['what was sent', () => sandbox.exchanges('token', loose(null)), /object of parameters/],
    ['no decision', () => sandbox.consent.next(loose(undefined)), /A decision takes an object/],
    ['a time', () => sandbox.clock.set('tomorrow'), /a Date or an ISO time, and not tomorrow/],
    ['a member of a token', () => sandbox.token(loose({ user: 'ada' })), /takes no "user".*"as"/],
    ['a member of a visit', () => sandbox.visit(sandbox.issuer, loose({ user: 'ada' })), /takes no "user".*"as"/],
    ['keys', () => createAuthwalk(loose({ keys: 'mine' })), /'shared' or 'own'/],
    ['a decision that approves nothing', () => sandbox.consent.next(loose({ approve: false })), /it is 'deny'/],
    ['seconds in quotes', () => sandbox.clock.advance(loose('60')), /a number of seconds, and not 60/],
    ['a time to wait that is past', () => sandbox.waitFor('token', {}, { timeout: -1 }), /milliseconds, and not -1/],
    ['no address to visit', () => sandbox.visit('nowhere'), /takes the address of an authorization request/],
    ['a database', () => createAuthwalk({ database: 'mine' }), /database is file:PATH.*not "mine"/],
    ['an option of a connection', () => connectAuthwalk('http://localhost', loose({ token: 'x' })), /takes no "token"/],
    ['no fault', () => matchers.toHaveFired(sandbox, loose(undefined)), /what faults\.add\(\) returned/],
    ['no sandbox to assert of', () => assertReport(loose({})), /assertReport\(\) takes a sandbox/],
    ['none to have received', () => assertReceived(loose(undefined), 'token'), /assertReceived\(\) takes a sandbox/],
    ['a decision of another name', () => sandbox.consent.always(loose({ deny: true })), /takes no "deny"/],
  ])('%s', async (_, wrong, says) => {
    await expect((async () => wrong())()).rejects.toThrow(says);
    await expect((async () => wrong())()).rejects.toBeInstanceOf(TypeError);
  });

  test('a server that cannot listen says what to do instead', async () => {
    const { origin, close } = await createAuthwalk();
    try {
      const port = Number(new URL(origin).port);
      await expect(createAuthwalk({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken: name another`);
    } finally {
      await close();
    }
    await expect(createAuthwalk({ host: '192.0.2.1' })).rejects.toThrow('host is an address of this machine');
  });

  test('an authorization request to elsewhere is not taken for one to this sandbox', async () => {
    const other = await authwalk.sandbox({ clients: [{ client_id: 'a', redirect_uris: ['http://127.0.0.1/cb'] }] });
    const url = `${other.issuer}/oauth/authorize?client_id=a&response_type=code`;
    await expect(sandbox.visit(url)).rejects.toMatchObject({ code: 'wrong_issuer' });
  });
});

describe('the message of a matcher that does not hold', () => {
  /** A sandbox that met one refused request, and a fault that waits for another. */
  async function met(): Promise<{ own: Sandbox; fault: string }> {
    const own = await authwalk.sandbox();
    const { id } = await own.faults.add({ endpoint: 'token', times: 1, effect: { status: 503 } });
    await authwalk.fetch(`${own.issuer}/oauth/introspect`, { method: 'POST', body: new URLSearchParams() });
    return { own, fault: id };
  }

  test('prints what arrived instead, one line an exchange, and counts in good English', async () => {
    const { own, fault } = await met();
    const messages = [
      (await matchers.toHaveReceived(own, 'introspect', {}, { times: 2 })).message(),
      (await matchers.toHaveFired(own, fault)).message(),
      (await matchers.toPassReport(own, { rules: ['authorize.pkce-s256'] })).message(),
    ];
    for (const message of messages) expect.soft(message).toMatch(/^ {2}#\d+ introspect 401 invalid_client/m);
    expect(messages[0]).toContain('2 times; it arrived 1 time.');
    expect(messages[1]).toContain('0 requests matched');
  });

  test('shows how the rule stands, and how to mend it only if it does not hold', async () => {
    const own = await authwalk.sandbox({ consent: 'approve' });
    const { verdicts } = await own.report();
    const { rule } = verdicts.find(({ verdict }) => verdict === 'not_observed')!;
    const { pass, message } = await matchers.toHaveVerdict(own, rule, 'pass');
    expect(pass).toBe(false);
    expect(message()).toContain(`Expected the verdict of ${rule} to be pass; it is not_observed.`);
    const verdict = { ...verdicts[0]!, reason: null, evidence: [], rule: 'r.x', fix: 'Mend it.' };
    expect(failureOf({ ...verdict, verdict: 'fail' })).toMatch(/^✗ r\.x[\s\S]*Fix: Mend it\.$/);
    expect(failureOf({ ...verdict, verdict: 'warn' })).toMatch(/^! r\.x[\s\S]*Fix: Mend it\.$/);
    expect(failureOf({ ...verdict, verdict: 'pass' })).toMatch(/^✓ r\.x(?![\s\S]*Fix)/);
  });
});

describe('the end of a server', () => {
  test('comes once, with streams open, and is said afterwards', async () => {
    const server = await createAuthwalk();
    const own = await server.sandbox();
    const stream = await fetch(`${server.origin}/api/sandboxes/${own.id}/stream`, {
      headers: { authorization: `Bearer ${own.controlToken}` },
    });
    const read = new Response(stream.body).text().catch(() => 'cut');
    await Promise.all([server.close(), server.close()]);
    await read;
    await expect(server.sandbox()).rejects.toMatchObject({ name: 'AuthwalkError', code: 'closed' });
    await expect(server.fetch('/health')).rejects.toMatchObject({ code: 'closed' });
    await expect(own.clock.now()).rejects.toMatchObject({ code: 'closed' });
    // What is disposed of later than its server is gone already.
    await own.delete();
    await own[Symbol.asyncDispose]();
  });

  test('of one is not the end of another, nor of the one that was connected to', async () => {
    const [one, other] = await Promise.all([createAuthwalk(), createAuthwalk()]);
    const there = await connectAuthwalk(other.origin);
    await there.close();
    await one.close();
    expect((await fetch(`${other.origin}/health`)).status).toBe(200);
    await other.close();
  });

  test('a server that cannot begin leaves nothing behind', async () => {
    const now = () => {
      throw new Error('no time');
    };
    await expect(createAuthwalk({ now })).rejects.toThrow('no time');
  });

  test('the process of a test, and its workers, end by themselves', () => {
    const kit = JSON.stringify(join(import.meta.dirname, 'index.ts'));
    const used = `
      const { createAuthwalk } = await import(${kit});
      const authwalk = await createAuthwalk();
      const sandbox = await authwalk.sandbox({ consent: 'approve' });
      const answer = await fetch(sandbox.issuer + '/.well-known/jwks.json');
      await answer.text();
      await sandbox.waitFor('jwks');
      await authwalk.close();`;
    const code = `
      import { Worker } from 'node:worker_threads';
      process.on('warning', (warning) => console.log('warning ' + warning));
      for (let at = 0; at < 12; at++) { ${used} }
      const worker = new Worker(${JSON.stringify(`(async () => { ${used} })()`)}, { eval: true });
      worker.on('error', (error) => { throw error; });
      worker.on('exit', (status) => console.log('worker ' + status));`;
    const options = ['--disable-warning=ExperimentalWarning', '--unhandled-rejections=strict', '--input-type=module'];
    const done = spawnSync(process.execPath, [...options, '-e', code], { encoding: 'utf8', timeout: 60_000 });
    expect([done.status, done.signal, done.stdout.trim(), done.stderr]).toEqual([0, null, 'worker 0', '']);
  }, 60_000);
});

test('a server that listens elsewhere has its sandboxes below its own address', async () => {
  await using server = await createAuthwalk({ host: 'localhost' });
  await using own = await server.sandbox();
  expect(own.issuer).toBe(`${server.origin}/s/${own.id}`);
});

test('the types are those that the document names', () => {
  expect(Object.keys(matchers).sort()).toEqual(['toHaveFired', 'toHaveReceived', 'toHaveVerdict', 'toPassReport']);
  expectTypeOf(createAuthwalk).parameters.toEqualTypeOf<[AuthwalkOptions?]>();
  expectTypeOf(createAuthwalk).returns.resolves.toEqualTypeOf<Authwalk>();
  expectTypeOf(connectAuthwalk).parameters.toEqualTypeOf<[string | URL, { adminToken?: string }?]>();
  expectTypeOf<Authwalk>().toExtend<AsyncDisposable>();
  expectTypeOf<Sandbox>().toExtend<AsyncDisposable>();
  expectTypeOf<Sandbox['inspectUrl']>().toEqualTypeOf<string | null>();
  expectTypeOf<Sandbox['clock']['advance']>().returns.resolves.toEqualTypeOf<Date>();
  expectTypeOf<Sandbox['waitFor']>().returns.resolves.toEqualTypeOf<Exchange>();
  expectTypeOf<Sandbox['visit']>().returns.resolves.toEqualTypeOf<URL>();
  expectTypeOf<Sandbox['report']>().returns.resolves.toEqualTypeOf<Report>();
  expectTypeOf<Sandbox['keys']['replace']>().toBeCallableWith([{ kty: 'EC' }]);
  expectTypeOf<{ approve: 'ada@example.com'; scope: ['notes:read']; delay: 1 }>().toExtend<Decision>();
  expectTypeOf<{ approve: false }>().not.toExtend<Decision>();
  expectTypeOf<'refuse'>().not.toExtend<Decision>();
  expectTypeOf<'tokn'>().not.toExtend<EndpointName>();
  expectTypeOf<{ endpoint: 'activate'; effect: object }>().not.toExtend<FaultInput>();
  expectTypeOf<{ grant_type: RegExp; resource: null; scope: string }>().toExtend<Sent>();
  expectTypeOf<{ max_age: number }>().not.toExtend<Sent>();
  expectTypeOf<{
    status: 400;
    error: 'invalid_grant';
    headers: { 'retry-after': RegExp };
    times: 1;
  }>().toExtend<Came>();
  expectTypeOf<{ consent: { approve: true }; ttl: 60 }>().toExtend<SandboxSetup>();
  expectTypeOf<matchers.AuthwalkMatchers<void>['toPassReport']>().returns.toEqualTypeOf<Promise<void>>();
});
