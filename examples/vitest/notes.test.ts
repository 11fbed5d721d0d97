import { expect, test as base } from 'authwalk/vitest';
import { NotesClient } from '../notes-client.js';

const CALLBACK = 'http://127.0.0.1:8976/callback';
const test = base.extend({
  sandboxOptions: { consent: 'approve', clients: [{ client_id: 'notes', redirect_uris: [CALLBACK] }] },
});

test('an expired access token is refreshed, once', async ({ sandbox }) => {
  const client = await NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });
  await client.signIn();
  await sandbox.clock.advance(3601);
  await Promise.all([client.call(), client.call()]);
  await expect(sandbox).toHaveReceived('token', { grant_type: 'refresh_token' }, { status: 200, times: 1 });
  await expect(sandbox).toPassReport();
});
