import { createServer } from 'node:http';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { asksForDocument, isStill, sendDocument, withoutRuntime } from './documents.ts';

const page = `<html><head><link rel="preload" as="script" href="/_next/static/chunks/a.js"/>
<link rel="preload" href="/fonts/serif.woff2" as="font"/>
<script src="/theme.js" nonce="n"></script><script src="/_next/static/chunks/a.js" async="" nonce="n"></script></head>
<body><h1>It starts</h1><script nonce="n">self.__next_f.push([1,"</h1>"])</script>
<script src="/first.js" defer="" nonce="n"></script></body></html>`;

test('what only the framework runs is left out, and the page’s own scripts stay', () => {
  const sent = withoutRuntime(page);
  expect(sent).not.toMatch(/_next|__next_f/);
  expect(sent).toContain('<script src="/theme.js" nonce="n"></script>');
  expect(sent).toContain('<script src="/first.js" defer="" nonce="n"></script>');
  expect(sent).toContain('<link rel="preload" href="/fonts/serif.woff2" as="font"/>');
  expect(sent).toContain('<h1>It starts</h1>');
});

test('documents are meant, not what the router fetches, nor files', () => {
  const request = (url: string, headers: Record<string, string> = {}) =>
    asksForDocument({ method: 'GET', url, headers: { accept: 'text/html,*/*;q=0.8', ...headers } } as never);
  expect(request('/guide')).toBe(true);
  expect(request('/', { rsc: '1' })).toBe(false);
  expect(request('/reference/index.json', { accept: '*/*' })).toBe(false);
  expect(request('/_next/static/a.js')).toBe(false);
});

test.each([
  ['/', true],
  ['/?utm=x', true],
  ['/reference/errors?q=x', true],
  ['/scenarios', true],
  ['/docs/compat/clients', true],
  ['/docs?q=a.b', true],
  ['/reference/index.json', false],
  ['/guide', false],
  ['/sandbox/a', false],
])('%s is only read: %s', (url, still) => expect(isStill(url)).toBe(still));

test('a handler that waits until its answer has gone out gets it sent', async () => {
  const server = createServer((request, response) => {
    void sendDocument(request, response, async (_, held) => {
      held.setHeader('content-type', 'application/json');
      held.end('{"list":[]}');
      await finished(held);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/scenarios/index.json`, { signal: AbortSignal.timeout(3_000) });
  expect(await answer.json()).toEqual({ list: [] });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
