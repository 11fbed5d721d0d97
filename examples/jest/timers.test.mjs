import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import 'authwalk/jest';
import { createAuthwalk } from 'authwalk/testing';
import { NotesClient } from '../notes-client.js';

let authwalk;
beforeAll(async () => {
  authwalk = await createAuthwalk();
});
afterEach(() => {
  jest.useRealTimers();
});
afterAll(() => authwalk.close());

test.each([
  ['all timers', {}],
  ['the date alone', { doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] }],
])('fake timers move the client and the server, and stop nothing: %s', async (_, options) => {
  jest.useFakeTimers({ now: new Date('2031-05-06T07:08:09Z'), ...options });
  const sandbox = await authwalk.sandbox({
    consent: 'approve',
    clients: [{ client_id: 'notes', redirect_uris: ['http://127.0.0.1:8976/callback'] }],
  });
  const client = await NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });
  await client.signIn();
  jest.setSystemTime(new Date('2031-05-06T09:08:09Z'));
  expect((await sandbox.clock.now()).toISOString()).toMatch(/^2031-05-06T09:08:/);
  await client.call();
  await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
  await expect(sandbox.waitFor('revoke', {}, { timeout: 30 })).rejects.toMatchObject({ code: 'timeout' });
  await sandbox.delete();
});
