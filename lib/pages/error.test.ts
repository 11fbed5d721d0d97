/** The page of an error that may not be redirected, as the engine sends it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthwalk } from '../../kit/testing/create.ts';
import type { Authwalk, Sandbox } from '../../kit/testing/types.ts';

let authwalk: Authwalk;
let sandbox: Sandbox;
beforeAll(async () => {
  authwalk = await createAuthwalk({ listen: false });
  const clients = [
    { client_id: 'notes', token_endpoint_auth_method: 'none', redirect_uris: ['https://app.example/cb', 'app:/cb'] },
  ];
  sandbox = await authwalk.sandbox({ clients });
});
afterAll(() => authwalk.close());

async function refused(query: Record<string, string>, headers: Record<string, string> = {}): Promise<string> {
  const url = `${sandbox.issuer}/oauth/authorize?${new URLSearchParams({ response_type: 'code', ...query })}`;
  const response = await authwalk.fetch(url, { headers: { accept: 'text/html', ...headers } });
  expect(response.status).toBe(400);
  return response.text();
}

test('a redirect URI that is not registered stands beside those that are, as text and never as a link', async () => {
  const sent = 'https://app.example/cb/?a=<b>';
  const page = await refused({ client_id: 'notes', redirect_uri: sent });
  expect(page).toContain('<dt>sent</dt><dd><code>https://app.example/cb/?a=&lt;b&gt;</code></dd>');
  expect(page).toContain('<dt>registered</dt><dd><code>https://app.example/cb</code></dd>');
  expect(page).toContain('<dt>registered</dt><dd><code>app:/cb</code></dd>');
  expect(page).not.toMatch(/href="[^"]*app\.example/);
});

test('it leads back to the page of ours that sent the browser, and to the record', async () => {
  const { origin } = new URL(sandbox.issuer);
  const page = await refused(
    { client_id: 'nobody' },
    { referer: `${origin}/guide/authorization-code/authorization?x` },
  );
  expect(page).toContain('<a class="go" href="/guide/authorization-code/authorization">Back to the guide</a>');
  expect(page).toContain(`href="/sandbox/${sandbox.id}"`);
});

test.each(['https://evil.example/guide/x', 'http://localhost.evil.example/guide', '/guide/authorization-code'])(
  'a page of somebody else is not linked: %s',
  async (referer) => {
    expect(await refused({ client_id: 'nobody' }, { referer })).not.toContain('Back to');
  },
);

test('an address for programs, opened in a browser, is a page that says so; a program gets JSON', async () => {
  const ask = (path: string, accept: string, method = 'GET') =>
    authwalk.fetch(`${sandbox.issuer}${path}`, { method, headers: { accept } });
  const page = await ask('/oauth/token', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
  expect([page.status, page.headers.get('allow'), page.headers.get('vary')]).toEqual([405, 'POST, OPTIONS', 'Accept']);
  const text = await page.text();
  expect(text).toContain('<h1>This address is for programs.</h1>');
  expect(text).toContain('This endpoint does not take GET. It takes POST, OPTIONS.');
  expect(text).toContain('<code>Allow</code>');
  expect(text).toContain('href="/reference"');
  const nowhere = await ask('/oauth/<nothing>', 'text/html');
  expect(nowhere.status).toBe(404);
  expect(await nowhere.text()).toContain('<h1>Nothing is at this address.</h1>');

  for (const [accept, method] of [['*/*'], ['application/json'], ['text/html', 'PUT']] as const) {
    const answer = await ask('/oauth/token', accept, method);
    expect([accept, answer.status]).toEqual([accept, 405]);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  }
});

test('a sandbox that is gone says so to a person who opens one of its addresses', async () => {
  const { origin } = new URL(sandbox.issuer);
  const answer = await authwalk.fetch(`${origin}/s/aaaaaaaaaaaaaaaaaaaaaaaaaa/mcp`, {
    headers: { accept: 'text/html' },
  });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('<h1>This sandbox is gone.</h1>');
});
