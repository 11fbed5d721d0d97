/** Whole flows in one process, without sockets: what a test pays. Tells its parent the µs of processor time of each. */
import { createContainer } from '#lib/server/container.ts';
import { readEnv } from '#lib/server/env.ts';
import { type Send, STEPS, takeAll, Walker } from './flow.ts';

const ORIGIN = 'http://localhost:3000';
const FLOWS = 400;

const container = await createContainer(readEnv({ DATABASE_URL: ':memory:' }));
const send: Send = async (url, init) => await container.app.fetch(new Request(url, init), {});
const made = await send(`${ORIGIN}/api/sandboxes`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ config: { 'consent.outcome': 'approve', 'consent.approver': 'bench@example.com' } }),
});
const { issuer } = (await made.json()) as { issuer: string };
const server = {
  authorize: `${issuer}/oauth/authorize`,
  token: `${issuer}/oauth/token`,
  register: `${issuer}/oauth/register`,
  mcp: `${issuer}/mcp`,
  scope: 'notes:read offline_access',
  more: {},
};
const flows = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) {
    const walker = [new Walker(server, send)];
    for (const step of STEPS) await takeAll(walker, step, 1);
  }
};
await flows(100);
const before = process.cpuUsage();
await flows(FLOWS);
const { user, system } = process.cpuUsage(before);
process.send?.((user + system) / FLOWS);
await container.close();
process.disconnect?.();
