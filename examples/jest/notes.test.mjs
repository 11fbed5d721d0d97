import { afterAll, beforeAll, expect, test } from '@jest/globals';
import 'authwalk/jest';
import { createAuthwalk } from 'authwalk/testing';
import { NotesClient } from '../notes-client.js';

const CALLBACK = 'http://127.0.0.1:8976/callback';
let authwalk;
beforeAll(async () => {
  authwalk = await createAuthwalk();
});
afterAll(() => authwalk.close());

test('says so when the user refuses', async () => {
  const sandbox = await authwalk.sandbox({
    consent: 'deny',
    clients: [{ client_id: 'notes', redirect_uris: [CALLBACK] }],
  });
  const client = await NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });
  await expect(client.signIn()).rejects.toThrow('You did not agree.');
  await expect(sandbox).not.toHaveReceived('token');
});
