import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestSandbox, testSandbox } from '../testing.ts';
import { shellWord } from '#lib/exchange/connect.ts';
import { snippets } from './snippets.ts';

const ORIGIN = 'http://localhost:3000';
const page = { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await testSandbox();
});
afterEach(() => sandbox.close());

test.each(['mcp', 'oauth', 'bearer', 'no-auth'] as const)(
  '/%s in a browser shows how to connect, without a token',
  async (name) => {
    const response = await sandbox.fetch(`${ORIGIN}/${name}`, page);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('vary')).toContain('Accept');
    const text = await response.text();
    for (const word of [
      'claude mcp add',
      '.cursor/mcp.json',
      'code --add-mcp',
      '.vscode/mcp.json',
      'curl -si',
      `${ORIGIN}/${name}`,
    ])
      expect.soft(text).toContain(word);
    expect(text).not.toContain('<script');
  },
);

test('HTML only where Accept names it', async () => {
  expect((await sandbox.fetch(`${ORIGIN}/no-auth`, { headers: { Accept: '*/*' } })).status).toBe(405);
  expect((await sandbox.fetch(`${ORIGIN}/no-auth`, { headers: { Accept: 'text/html;q=0' } })).status).toBe(405);
});

test('the commands are for this address', () => {
  const [claude, cursor, code, vscode] = snippets(sandbox.tenant, 'mcp');
  expect(claude?.text).toBe(`claude mcp add --transport http authwalk ${ORIGIN}/mcp`);
  expect(JSON.parse(cursor!.text)).toEqual({ mcpServers: { authwalk: { url: `${ORIGIN}/mcp` } } });
  expect(code?.text).toBe(`code --add-mcp '{"name":"authwalk","type":"http","url":"${ORIGIN}/mcp"}'`);
  expect(JSON.parse(vscode!.text)).toEqual({ servers: { authwalk: { type: 'http', url: `${ORIGIN}/mcp` } } });
});

test('/bearer comes with the header', () => {
  const [claude, cursor] = snippets(sandbox.tenant, 'bearer');
  expect(claude?.text).toContain('--header "Authorization: Bearer any-token-will-do"');
  expect(JSON.parse(cursor!.text)).toMatchObject({
    mcpServers: { 'authwalk-bearer': { headers: { Authorization: 'Bearer any-token-will-do' } } },
  });
});

test('what is configured cannot break out of a command or the page', async () => {
  const nasty = `a='; touch /tmp/x #"<script>alert(1)</script>`;
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(nasty)}`]).toString()).toBe(nasty);
  await sandbox.close();
  sandbox = await testSandbox({ 'resource.query': nasty });
  const text = await (await sandbox.fetch(`${ORIGIN}/mcp`, page)).text();
  expect(text).not.toContain('<script>');
});
