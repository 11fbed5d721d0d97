import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type RunningServer } from './lib/server.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** The commands on the page of an MCP address, as a reader copies them. */
async function commands(address: string): Promise<string[]> {
  const page = await (await fetch(address, { headers: { accept: 'text/html' } })).text();
  return [...page.matchAll(/<pre class="snippet"[^>]*><code>([\s\S]*?)<\/code>/g)]
    .map(([, text]) =>
      text!
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    )
    .filter((text) => text.includes('curl '));
}

const paste = async (command: string) => (await run('sh', ['-c', command])).stdout;

test.skipIf(!hasCurl).each(['default', 'sandbox'])(
  'curl copied from the pages works when pasted: %s',
  async (where) => {
    const base = where === 'default' ? server.origin : (await server.sandbox()).issuer;

    const [open] = await commands(`${base}/no-auth`);
    expect(await paste(open!)).toMatch(/^HTTP\/1\.1 200[\s\S]*"authenticated_by":"nothing"/);

    const [bearer] = await commands(`${base}/bearer`);
    expect(await paste(bearer!)).toMatch(/^HTTP\/1\.1 200[\s\S]*"authenticated_by":"bearer token"/);

    for (const name of ['mcp', 'oauth']) {
      const [without, whole] = await commands(`${base}/${name}`);
      expect.soft(await paste(without!)).toMatch(/^HTTP\/1\.1 401[\s\S]*www-authenticate: Bearer resource_metadata=/i);
      expect.soft(await paste(whole!)).toMatch(/^HTTP\/1\.1 200[\s\S]*"authenticated_by":"access token"/);
    }
  },
);

test('the links of the page into Cursor and VS Code may leave its sandbox', async () => {
  const answer = await fetch(`${server.origin}/mcp`, { headers: { accept: 'text/html' } });
  const policy = answer.headers.get('content-security-policy');
  expect(policy).toContain('allow-top-navigation-to-custom-protocols');
  expect(policy).not.toContain('allow-scripts');
  expect(policy).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toMatch(/href="cursor:\/\/anysphere\.cursor-deeplink\/mcp\/install\?name=/);
  expect(page).toMatch(/href="vscode:mcp\/install\?/);
  const refused = await fetch(`${server.origin}/mcp`, { method: 'POST', body: '{}', headers: { accept: 'text/html' } });
  expect(refused.headers.get('content-security-policy')).not.toContain('allow-top-navigation');
});
