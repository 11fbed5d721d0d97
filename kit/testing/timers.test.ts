/** Fake timers stop the code of a test, and nothing of the server that runs in its process. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createAuthwalk } from './create.ts';
import type { Authwalk, Sandbox } from './types.ts';

let authwalk: Authwalk;
let sandbox: Sandbox;
beforeAll(async () => {
  authwalk = await createAuthwalk();
  // By the socket: that is where a client under test comes from.
  await fetch(authwalk.origin);
});
afterAll(() => authwalk.close());
beforeEach(async () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'Date', 'performance'],
  });
  sandbox = await authwalk.sandbox({
    clients: [
      { client_id: 'machine', client_secret: 'secret-of-it', grant_types: ['client_credentials'] },
      { client_id: 'notes', redirect_uris: ['http://127.0.0.1:9/callback'] },
    ],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const token = () =>
  fetch(`${sandbox.issuer}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('machine:secret-of-it')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });

test('a token is issued, and what arrived is in the record', async () => {
  expect((await token()).status).toBe(200);
  await sandbox.waitFor('token', { grant_type: 'client_credentials' }, { status: 200 });
});

test('an answer that a fault delays comes', async () => {
  const fault = await sandbox.faults.add({ endpoint: 'token', effect: { delay_ms: 50 } });
  expect((await token()).status).toBe(200);
  expect((await sandbox.faults.list()).find(({ id }) => id === fault.id)?.acted).toBe(1);
});

test('a decision that takes its time is made', async () => {
  await sandbox.consent.next({ approve: true, delay: 0.05 });
  const url = `${sandbox.issuer}/oauth/authorize?${new URLSearchParams({
    client_id: 'notes',
    response_type: 'code',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })}`;
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.headers.get('location')).toMatch(/code=/);
});

test('a stream begins, and says what comes', async () => {
  const answer = await fetch(`${new URL(sandbox.issuer).origin}/api/sandboxes/${sandbox.id}/stream`, {
    headers: { authorization: `Bearer ${sandbox.controlToken}` },
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  await token();
  for (let text = ''; !text.includes('"endpoint":"token"'); ) {
    const { value, done } = await reader.read();
    expect(done, text).toBe(false);
    text += value ?? '';
  }
  await reader.cancel();
});

test('a call of a tool is answered as a stream', async () => {
  const answer = await fetch(sandbox.mcp.noAuth, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } }),
  });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('"result"');
});
