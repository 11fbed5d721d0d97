import test from 'node:test';
import { assertReport, createAuthwalk } from 'authwalk/testing';
import { runMyClient } from '../my-client.js';

test('my MCP client', async () => {
  await using authwalk = await createAuthwalk(); // Node 24; else close() in after()
  const sandbox = await authwalk.sandbox({ scenario: 'iss-wrong-issuer', consent: 'approve' });
  await runMyClient(sandbox.mcp.oauth);
  await assertReport(sandbox);
});
