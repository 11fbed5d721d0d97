import { expect, test as base } from 'authwalk/vitest';
import { NotesClient } from '../notes-client.js';

const clients = [{ client_id: 'notes', redirect_uris: ['http://127.0.0.1:8976/callback'] }];
const test = base.extend({ sandboxOptions: { consent: 'approve', clients } });
const connect = (sandbox) =>
  NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });

test('an expired access token is refreshed, once', async ({ sandbox }) => {
  const client = await connect(sandbox);
  await client.signIn();
  await sandbox.clock.advance(3601);
  await client.call();
  await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
});

test('the client says so when the user refuses', async ({ sandbox }) => {
  await sandbox.consent.next('deny');
  await expect((await connect(sandbox)).signIn()).rejects.toThrow('You did not agree.');
});

test('two calls with an expired token refresh once', async ({ sandbox }) => {
  const client = await connect(sandbox);
  await client.signIn();
  await sandbox.clock.advance(3601);
  await Promise.all([client.call(), client.call()]);
  await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
});
