import { deepEqual, match } from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import { assertReceived, createAuthwalk } from 'authwalk/testing';
import { NotesClient } from '../notes-client.js';

const authwalk = await createAuthwalk();
after(() => authwalk.close());

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'];
const node = (apis) => {
  mock.timers.enable({ apis, now: Date.parse('2031-05-06T07:08:09Z') });
  return { move: (to) => mock.timers.setTime(to), restore: () => mock.timers.reset() };
};
const sinon = (what) => {
  const clock = FakeTimers.install({
    now: Date.parse('2031-05-06T07:08:09Z'),
    shouldClearNativeTimers: true,
    ...what,
  });
  return { move: (to) => clock.setSystemTime(to), restore: () => clock.uninstall() };
};

for (const [name, install] of [
  ['node:test, all timers', () => node([...TIMERS, 'Date'])],
  ['node:test, the date alone', () => node(['Date'])],
  ['Sinon, all timers', () => sinon({ toNotFake: ['nextTick', 'queueMicrotask'] })],
  ['Sinon, the date alone', () => sinon({ toFake: ['Date'] })],
])
  test(`fake timers move the client and the server, and stop nothing: ${name}`, async () => {
    const timers = install();
    try {
      const sandbox = await authwalk.sandbox({
        consent: 'approve',
        clients: [{ client_id: 'notes', redirect_uris: ['http://127.0.0.1:8976/callback'] }],
      });
      const { issuer, resource } = sandbox;
      const client = await NotesClient.connect({ issuer, clientId: 'notes', resource });
      await client.signIn();
      timers.move(Date.parse('2031-05-06T09:08:09Z'));
      match((await sandbox.clock.now()).toISOString(), /^2031-05-06T09:08:/);
      await client.call();
      await assertReceived(sandbox, 'token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
      const waited = await sandbox.waitFor('revoke', {}, { timeout: 30 }).catch(({ code }) => code);
      deepEqual(waited, 'timeout');
      await sandbox.delete();
    } finally {
      timers.restore();
    }
  });
