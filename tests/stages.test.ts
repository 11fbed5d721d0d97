/** What stages do to a sandbox, and what ends it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Instance, json, openInstance, type TestSandbox } from './lib/sandbox.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await openInstance();
});
afterAll(() => instance.close());

const control = (place: TestSandbox, method: string, path = '', body?: unknown): Promise<Answer> =>
  instance.ask(`/api/sandboxes/${place.id}${path}`, {
    ...(body === undefined ? { method } : json(method, body)),
    headers: { authorization: `Bearer ${place.made.control_token}`, 'content-type': 'application/json' },
  });
const call = async (place: TestSandbox): Promise<Answer> => {
  const { body } = await control(place, 'POST', '/tokens', { expires_in: 60 });
  return place.get('/api/resource', { authorization: `Bearer ${body.access_token}` });
};
const stage = (act: Record<string, unknown>) => ({ stages: [{ after: { event: 'tool-call', count: 1 }, ...act }] });

describe('a stage', () => {
  it('moves the clock, so that a client that simply calls twice sees a token expire', async () => {
    const place = await instance.sandbox(stage({ advance: 61 }));
    const { body } = await control(place, 'POST', '/tokens', { expires_in: 60 });
    const ask = () => place.get('/api/resource', { authorization: `Bearer ${body.access_token}` });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 401]);
    expect((await control(place, 'GET')).body.clock.offset).toBe(61);
  });

  it('sets knobs apart from those of the owner; another scenario and a reset end that', async () => {
    const config = stage({ set: { 'registration.dynamic': false } });
    for (const end of [
      (place: TestSandbox) => control(place, 'POST', '/reset', {}),
      (place: TestSandbox) => control(place, 'PATCH', '', { scenario: 'opaque-token' }),
      (place: TestSandbox) => control(place, 'PATCH', '', { config: { 'registration.dynamic': true } }),
    ]) {
      const place = await instance.sandbox(config);
      await call(place);
      const { body } = await control(place, 'GET');
      expect(body.staged).toEqual({ 'registration.dynamic': false });
      expect(body.config).not.toHaveProperty(['registration.dynamic']);
      expect((await place.ask('/oauth/register', json('POST', {}))).status).toBe(404);
      await end(place);
      expect((await control(place, 'GET')).body.staged).toEqual({});
      expect((await place.ask('/oauth/register', json('POST', {}))).status).not.toBe(404);
    }
  });

  it('fires again after another scenario and after a reset', async () => {
    const place = await instance.sandbox(stage({ set: { 'cimd.support': false } }));
    const staged = async () => (await control(place, 'GET')).body.staged;
    await call(place);
    await control(place, 'PATCH', '', { scenario: 'opaque-token' });
    expect(await staged()).toEqual({});
    await call(place);
    expect(await staged()).toEqual({ 'cimd.support': false });
    await control(place, 'POST', '/reset', {});
    await call(place);
    expect(await staged()).toEqual({ 'cimd.support': false });
  });

  it('brings faults and clients, which go with it', async () => {
    const place = await instance.sandbox(
      stage({
        set: {
          faults: [{ endpoint: 'jwks', times: 'always', effect: { status: 503 } }],
          clients: [{ client_id: 'late', client_secret: 'shh' }],
        },
      }),
    );
    const keys = async () => (await place.get('/.well-known/jwks.json')).status;
    expect(await keys()).toBe(200);
    await call(place);
    expect(await keys()).toBe(503);
    expect((await control(place, 'GET', '/clients')).body.clients).toMatchObject([{ client_id: 'late' }]);
    await control(place, 'POST', '/reset', {});
    expect(await keys()).toBe(200);
  });
});
