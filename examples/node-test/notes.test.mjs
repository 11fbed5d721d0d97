import { after, test } from 'node:test';
import { assertReceived, assertReport, createAuthwalk } from 'authwalk/testing';
import { NotesClient } from '../notes-client.js';

const authwalk = await createAuthwalk();
after(() => authwalk.close());

test('the notes client', async () => {
  const sandbox = await authwalk.sandbox({
    consent: 'approve',
    clients: [{ client_id: 'notes', redirect_uris: ['http://127.0.0.1:8976/callback'] }],
  });
  const client = await NotesClient.connect({ issuer: sandbox.issuer, clientId: 'notes', resource: sandbox.resource });
  await client.signIn();
  await client.call();
  await assertReceived(sandbox, 'mcp', {}, { status: 200, tool: 'whoami' });
  await assertReport(sandbox);
});
