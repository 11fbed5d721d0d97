/** The consent page, as the engine renders it: without Next, without script, escaped, and in its own browser only. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthwalk } from '../../kit/testing/create.ts';
import type { Authwalk, Sandbox } from '../../kit/testing/types.ts';

let authwalk: Authwalk;
beforeAll(async () => {
  authwalk = await createAuthwalk({ listen: false });
});
afterAll(() => authwalk.close());

interface Visit {
  readonly url: string;
  readonly cookie: string;
}

async function visit(sandbox: Sandbox, query: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const url = new URL(`${sandbox.issuer}/oauth/authorize`);
  url.search = new URLSearchParams({
    client_id: 'notes',
    response_type: 'code',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
    ...query,
  }).toString();
  const response = await authwalk.fetch(url, { headers: { accept: 'text/html' } });
  return { url: response.headers.get('location')!, cookie: response.headers.get('set-cookie')!.split(';')[0]! };
}

const client = {
  client_id: 'notes',
  client_name: '<b>Notes</b> & "more"',
  redirect_uris: ['https://notes.example/cb'],
};

describe('the consent page', () => {
  test('says who asks, where the answer goes and what for, escaped', async () => {
    await using sandbox = await authwalk.sandbox({ clients: [client] });
    const { url, cookie } = await visit(sandbox, { scope: 'notes:read notes:write', login_hint: '"><script>' });
    const response = await authwalk.fetch(url, { headers: { accept: 'text/html', cookie } });
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('&lt;b&gt;Notes&lt;/b&gt; &amp; &quot;more&quot;');
    expect(page).toContain('notes.example');
    expect(page).toContain('name="scope" value="notes:write"');
    expect(page).not.toContain('<script>');
  });

  test('is not framed, not stored, has no form-action, and lets only scripts of this server run', async () => {
    await using sandbox = await authwalk.sandbox({ clients: [client] });
    const { url, cookie } = await visit(sandbox);
    const { headers } = await authwalk.fetch(url, { headers: { accept: 'text/html', cookie } });
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('form-action');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('can be framed by this origin if the sandbox says so', async () => {
    await using sandbox = await authwalk.sandbox({ clients: [client], config: { 'consent.framing': 'allow' } });
    const { url, cookie } = await visit(sandbox);
    const { headers } = await authwalk.fetch(url, { headers: { accept: 'text/html', cookie } });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  test('belongs to the browser in which it was opened', async () => {
    await using sandbox = await authwalk.sandbox({ clients: [client] });
    const { url } = await visit(sandbox);
    const response = await authwalk.fetch(url, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('another browser');
  });

  test.each(['/consent/nope', '/consent/default.nope', '/consent/%00'])('is over at %s', async (path) => {
    const response = await authwalk.fetch(path, { headers: { accept: 'text/html' } });
    expect([400, 404]).toContain(response.status);
  });
});

test('its style sheet is what the sheets of the other pages give', () => {
  expect(() => execFileSync(process.execPath, ['scripts/styles.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
});
