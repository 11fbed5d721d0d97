import { describe, expect, test } from 'vitest';
import { formOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { Json } from '../lib/sandbox.ts';
import { control, makeSandbox, usual } from './grading.ts';
import { Scripted, type ScriptedOptions } from './scripted.ts';
import { instance, openForTests, time } from './opened.ts';

openForTests();

const client = (made: Json, options: ScriptedOptions = {}) => new Scripted(instance, made, time, options);
const verdict = (report: Json, rule: string): Json => report.verdicts.find((one: Json) => one.rule === rule);
const ask = (made: Json, path: string, token = made.control_token) =>
  instance.ask(`http://localhost:3000/api/sandboxes/${made.id}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });

describe('a run', () => {
  test('that reached nothing has passed nothing', async () => {
    const made = await makeSandbox(instance, { scenario: 'iss-wrong-issuer' });
    const report = await control(instance, made, '/report?final=1');
    expect([report.summary.pass, report.summary.must.pass, report.final]).toEqual([0, 0, true]);
    expect(report.summary.unanswered).toEqual(report.summary.asked);
    expect(report.summary.asked).toEqual(['authorize.iss-validated']);
  });

  test('is closed by final, gives the same answer again, and the next exchange opens another', async () => {
    const made = await makeSandbox(instance, {});
    const one = client(made);
    await usual(one);
    expect((await control(instance, made, '/report')).final).toBe(false);
    const first = await control(instance, made, '/report?final=1');
    time.sleep(120_000);
    const again = await control(instance, made, '/report?final=1');
    expect({ ...again, generated_at: '' }).toEqual({ ...first, generated_at: '' });
    expect([first.run.id, first.final]).toEqual(['r1', true]);
    await one.call();
    const next = await control(instance, made, '/report');
    expect([next.run.id, next.final, next.runs.map((run: Json) => run.final)]).toEqual(['r2', false, [true, false]]);
    expect(verdict(next, 'authorize.resource').reason.code).toBe('no-occasion');
    expect((await control(instance, made, '/report?run=r1')).summary).toEqual(first.summary);
    expect((await ask(made, '/report?run=r9')).status).toBe(404);
  });

  test('ends with a reset', async () => {
    const made = await makeSandbox(instance, {});
    await usual(client(made, { breaks: ['authorize.resource'] }));
    await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}/reset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.control_token}` },
    });
    const { summary } = await control(instance, made, '/report');
    expect([summary.pass, summary.fail]).toEqual([0, 0]);
  });

  test('a pass that a later exchange can turn is a pass so far, until the run is closed', async () => {
    const made = await makeSandbox(instance, {});
    await usual(client(made));
    const open = verdict(await control(instance, made, '/report'), 'token.code-once');
    const closed = verdict(await control(instance, made, '/report?final=1'), 'token.code-once');
    expect([open.verdict, open.so_far, closed.verdict, closed.so_far]).toEqual(['pass', true, 'pass', false]);
  });

  test('what must not happen waits for 60 seconds, or for the run to be closed', async () => {
    const made = await makeSandbox(instance, { scenario: 'iss-wrong-issuer' });
    await usual(client(made)).catch(() => undefined);
    const rule = 'authorize.iss-validated';
    const waits = verdict(await control(instance, made, '/report'), rule);
    expect([waits.verdict, waits.reason.code]).toEqual(['not_observed', 'waiting']);
    expect(Date.parse(waits.reason.until)).toBeGreaterThan(Date.now());
    time.sleep(61_000);
    const over = await control(instance, made, '/report');
    expect(verdict(over, rule).verdict).toBe('pass');
    expect(over.silence).toMatchObject({ point: 'after-redirect', verdict: 'client-right' });
  });
});

describe('with two clients in one sandbox', () => {
  test('what names nobody counts for each and against none; what names one is judged', async () => {
    const made = await makeSandbox(instance, {});
    await usual(client(made, { breaks: ['registration.kept'], agent: 'first/1' }));
    time.sleep(20_000);
    const other = client(made, { breaks: ['authorize.resource', 'discovery.as-metadata-order'], agent: 'second/1' });
    other.registerAs = 'Another';
    await usual(other);
    const report = await control(instance, made, '/report?final=1');
    expect(report.client.name).toBe('Another');
    expect(report.runs).toHaveLength(2);
    expect(verdict(report, 'authorize.resource').verdict).toBe('fail');
    expect(verdict(report, 'discovery.as-metadata-order').reason?.code).toBe('not-attributable');
    expect(verdict(report, 'discovery.prm-requested').verdict).toBe('pass');
    const first = await control(instance, made, '/report?client=c1');
    expect(first.client.user_agents).toEqual(['first/1']);
    expect(first.summary.fail).toBe(0);
  });
});

describe('who judges and who looks', () => {
  test('revision: judged as asked, and said', async () => {
    const made = await makeSandbox(instance, {});
    await usual(client(made, { breaks: ['registration.application-type'] }));
    const rule = 'registration.application-type';
    const now = await control(instance, made, '/report');
    const before = await control(instance, made, '/report?revision=2025-06-18');
    const without = await control(instance, made, '/report?revision=oauth');
    expect([verdict(now, rule).verdict, now.revision]).toEqual(['fail', { value: '2026-07-28', by: 'header' }]);
    expect([verdict(before, rule).reason.code, before.revision]).toEqual([
      'other-revision',
      { value: '2025-06-18', by: 'asked' },
    ]);
    expect(verdict(without, rule).reason.code).toBe('other-kind');
  });

  test('a share reads the report and the exchanges, without secrets, and closes nothing', async () => {
    const made = await makeSandbox(instance, {});
    const one = client(made, { breaks: ['token.code-once'] });
    await usual(one);
    const share = (
      await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}/shares`, {
        method: 'POST',
        headers: { authorization: `Bearer ${made.control_token}` },
      })
    ).body;
    expect((await ask(made, '/report?final=1', share.token)).status).toBe(403);
    expect((await ask(made, '/report')).status).toBe(200);
    const read = await ask(made, '/report', share.token);
    expect(read.status).toBe(200);
    expect(read.text).not.toContain(one.tokens!.access_token);
    expect(read.text).not.toContain(one.tokens!.refresh_token);
    const { exchanges } = (await ask(made, '/exchanges?reveal=1')).body;
    const secrets = ['code', 'code_verifier', 'refresh_token'].map((name) =>
      exchanges.map((exchange: Json) => formOf(exchange as Exchange).get(name)).find((value: string | null) => value),
    );
    expect(secrets).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
    for (const secret of secrets) expect.soft(read.text).not.toContain(secret);
    expect((await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}/report`)).status).toBe(401);
  });
});

describe('what a client may do', () => {
  test('it changes its registration, and uses what it registered', async () => {
    const made = await makeSandbox(instance, {});
    const one = client(made);
    await usual(one);
    const { registration_client_uri, registration_access_token, client_id } = one.client;
    const update = await instance.ask(registration_client_uri, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${registration_access_token}` },
      body: JSON.stringify({
        client_id,
        client_name: 'Scripted',
        redirect_uris: ['http://127.0.0.1:8765/other'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      }),
    });
    expect(update.status, update.text).toBe(200);
    one.redirect = 'http://127.0.0.1:8765/other';
    await one.twoWindows();
    const report = await control(instance, made, '/report?final=1');
    expect(
      report.verdicts.filter((verdict: Json) => verdict.verdict === 'fail').map((verdict: Json) => verdict.rule),
    ).toEqual([]);
    expect(verdict(report, 'authorize.redirect-uri-registered').verdict).toBe('pass');
  });
});
