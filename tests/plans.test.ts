/** Plans: a client taken through scenarios, item by item, and one report over all of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { ctrfErrors } from './lib/ctrf.ts';
import { type Answer, type Instance, json, openInstance, type Json } from './lib/sandbox.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
});
afterAll(async () => {
  expect(instance.server.logged).toEqual([]);
  await instance.close();
});

const make = (body: Json): Promise<Answer> => instance.ask('/api/plans', json('POST', body));
const steer = (plan: Json, method: string, path: string, body?: unknown): Promise<Answer> =>
  instance.ask(`/api/plans/${plan.id}${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { authorization: `Bearer ${plan.control_token}`, 'content-type': 'application/json' },
  });
const start = (plan: Json, scenario: string) => steer(plan, 'POST', `/items/${scenario}/start`, {});
const finish = (plan: Json, scenario: string) => steer(plan, 'POST', `/items/${scenario}/finish`, {});
const stateOf = async (plan: Json, scenario: string): Promise<Json> =>
  (await steer(plan, 'GET', '')).body.items.find((item: Json) => item.scenario === scenario);

describe('making a plan', () => {
  it('chooses by revision and features, and says of each one left out why', async () => {
    const { status, body } = await make({});
    expect(status).toBe(201);
    expect(body.items).toHaveLength(scenarios().size);
    const why = Object.fromEntries(body.items.map((item: Json) => [item.scenario, item.why]));
    expect(body.items[0]).toMatchObject({
      scenario: 'conforming',
      state: 'waiting',
      do: ['connect', 'list', { call: 'whoami' }],
    });
    expect(why['device-pending']).toContain('clients without MCP');
    expect(why.dpop).toContain('dpop');
    expect(why['2025-03-26-oauth-metadata-backcompat']).toContain('2025-03-26');
    expect(body.url).toBe(`http://localhost:3000/plans/${body.id}#control=${body.control_token}`);
    const oauth = (await make({ kind: 'oauth', features: ['device'], scenarios: ['device'], skip: ['device-denied'] }))
      .body;
    expect(oauth.items.filter(({ state }: Json) => state === 'waiting')).toHaveLength(6);
  });

  it.each([
    ['an unknown scenario', { scenarios: ['nonsense'] }, 'unknown_scenario'],
    ['a bad knob', { config: { nonsense: 1 } }, 'invalid_config'],
    ['a redirect URI that is none', { redirect_uris: ['not a uri'] }, 'invalid_request'],
    ['a redirect URI that browsers execute', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_request'],
    ['a redirect URI that no header could carry', { redirect_uris: ['https://app.example/c b'] }, 'invalid_request'],
    ['a redirect URI with a fragment', { redirect_uris: ['https://app.example/cb#a'] }, 'invalid_request'],
    ['an unknown feature', { features: ['telepathy'] }, 'invalid_request'],
    ['a kind that does not go with the revision', { revision: 'oauth', kind: 'mcp' }, 'invalid_request'],
  ])('refuses %s', async (_what, body, error) => {
    expect((await make(body)).body).toMatchObject({ error });
  });

  it('is steered with its token alone', async () => {
    const { body } = await make({ scenarios: ['conforming'] });
    expect((await instance.ask(`/api/plans/${body.id}`)).status).toBe(401);
    expect((await steer({ ...body, control_token: 'x'.repeat(43) }, 'GET', '')).status).toBe(401);
    expect((await steer({ ...body, id: 'nobody' }, 'GET', '')).status).toBe(404);
  });
});

describe('a sandbox an item', () => {
  it('starts in its scenario, consents by itself, and is finished with a report that stays', async () => {
    const { body: plan } = await make({
      scenarios: ['iss-wrong-issuer', 'consent-denied'],
      config: { 'code.lifetime': 30 },
    });
    const started = await start(plan, 'iss-wrong-issuer');
    expect(started.body).toMatchObject({
      mcp: { oauth: expect.any(String) },
      do: expect.any(Array),
      control_token: plan.control_token,
    });
    const sandbox = await instance.ask(`/api/sandboxes/${started.body.id}`, {
      headers: { authorization: `Bearer ${plan.control_token}` },
    });
    expect(sandbox.body).toMatchObject({
      scenario: 'iss-wrong-issuer',
      config: { 'consent.outcome': 'approve', 'code.lifetime': 30 },
    });
    expect((await start(plan, 'consent-denied')).body.config).not.toHaveProperty(['consent.outcome']);
    expect(await stateOf(plan, 'iss-wrong-issuer')).toMatchObject({
      state: 'running',
      sandbox: started.body.id,
      started_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    // A client that asks once, and goes.
    await instance.ask(started.body.mcp.oauth, json('POST', { jsonrpc: '2.0', id: 1, method: 'ping' }));
    const report = (await finish(plan, 'iss-wrong-issuer')).body;
    expect(report).toMatchObject({ final: true, scenarios: ['iss-wrong-issuer'] });
    expect(await stateOf(plan, 'iss-wrong-issuer')).toMatchObject({ state: 'done', summary: report.summary });
    await instance.ask(`/api/sandboxes/${started.body.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${plan.control_token}` },
    });
    const again = (await finish(plan, 'iss-wrong-issuer')).body;
    expect(again).toEqual(report);
    const merged = (await steer(plan, 'GET', '/report')).body;
    expect(merged.verdicts).toHaveLength(report.verdicts.length);
    expect(merged.items.map(({ scenario }: Json) => scenario)).toEqual(
      ['consent-denied', 'iss-wrong-issuer'].sort(
        (a, b) => [...scenarios().keys()].indexOf(a) - [...scenarios().keys()].indexOf(b),
      ),
    );
    // What the client did stays with it, so that two runs can be compared.
    expect(merged.items.find(({ scenario }: Json) => scenario === 'iss-wrong-issuer').path).toEqual([
      ['client', 'mcp', 'POST /mcp', 'ping', '', 401],
    ]);
    const junit = await steer(plan, 'GET', '/report?format=junit');
    expect(junit.text.match(/<testsuite /g)).toHaveLength(2);
    expect(ctrfErrors((await steer(plan, 'GET', '/report?format=ctrf')).body)).toEqual([]);
    for (const format of ['markdown', 'badge'])
      expect((await steer(plan, 'GET', `/report?format=${format}`)).status).toBe(200);
  });

  it('has ten open at most, and none that is left out', async () => {
    const { body: plan } = await make({ scenarios: ['authorization response', 'device'] });
    const open = plan.items.filter(({ state }: Json) => state === 'waiting').slice(0, 11);
    const answers = await Promise.all(open.map(({ scenario }: Json) => start(plan, scenario)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(10).fill(201), 409]);
    expect((await start(plan, 'device-pending')).status).toBe(409);
    expect((await finish(plan, 'device-pending')).status).toBe(409);
    expect((await start(plan, 'conforming')).status).toBe(404);
  });

  it('cannot be opened without the sandbox that all share, and waits again', async () => {
    const { body: plan } = await make({ scenarios: ['conforming'], address: 'one' });
    await instance.ask(`/api/sandboxes/${plan.sandbox}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${plan.control_token}` },
    });
    expect((await start(plan, 'conforming')).status).toBe(404);
    expect(await stateOf(plan, 'conforming')).toMatchObject({ state: 'waiting' });
  });

  it('ends with its plan', async () => {
    const { body: plan } = await make({ scenarios: ['conforming'] });
    const { body } = await start(plan, 'conforming');
    expect((await steer(plan, 'DELETE', '')).status).toBe(204);
    expect((await steer(plan, 'GET', '')).status).toBe(404);
    expect((await instance.ask(`/s/${body.id}/.well-known/oauth-authorization-server`)).status).toBe(404);
  });
});

describe('one address', () => {
  it('stays, while items follow one another in it', async () => {
    const { body: plan } = await make({ scenarios: ['conforming', 'consent-denied'], address: 'one' });
    const first = await start(plan, 'conforming');
    expect(first.body.mcp).toEqual(plan.mcp);
    expect((await start(plan, 'consent-denied')).body.error_description).toContain('conforming');
    await finish(plan, 'conforming');
    const second = await start(plan, 'consent-denied');
    expect(second.body).toMatchObject({ id: first.body.id, mcp: plan.mcp });
    expect((await finish(plan, 'consent-denied')).body.scenarios).toEqual(['consent-denied']);
  });

  it('gives redirect URIs to pre-registered clients', async () => {
    const { body: plan } = await make({ scenarios: ['pre-registration'], redirect_uris: ['https://app.example/cb'] });
    const { body } = await start(plan, 'pre-registration');
    expect(body.clients).toMatchObject([{ client_id: 'walk-preregistered', client_secret: expect.any(String) }]);
    expect(body.config.clients[0].redirect_uris).toEqual(['https://app.example/cb']);
  });
});

it('the stream tells of each change', async () => {
  const { body: plan } = await make({ scenarios: ['conforming'] });
  const response = await instance.server.ask(`/api/plans/${plan.id}/stream`, {
    headers: { authorization: `Bearer ${plan.control_token}` },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<Json> => JSON.parse((await reader.read()).value!.split('data: ')[1]!);
  expect((await next()).items[0].state).toBe('waiting');
  await start(plan, 'conforming');
  expect((await next()).items[0].state).toBe('running');
  await reader.cancel();
});
