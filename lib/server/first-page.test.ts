import { expect, test } from 'vitest';
import { asksForStillPage, withoutRuntime } from './first-page.ts';

const page = `<html><head><link rel="preload" as="script" href="/_next/static/chunks/a.js"/><link rel="preload" href="/fonts/serif.woff2" as="font"/>
<script src="/theme.js" nonce="n"></script><script src="/_next/static/chunks/a.js" async="" nonce="n"></script></head>
<body><h1>It starts</h1><script nonce="n">self.__next_f.push([1,"</h1>"])</script><script src="/first.js" defer="" nonce="n"></script></body></html>`;

test('what only the framework runs is left out, and the page’s own scripts stay', () => {
  const sent = withoutRuntime(page);
  expect(sent).not.toMatch(/_next|__next_f/);
  expect(sent).toContain('<script src="/theme.js" nonce="n"></script>');
  expect(sent).toContain('<script src="/first.js" defer="" nonce="n"></script>');
  expect(sent).toContain('<link rel="preload" href="/fonts/serif.woff2" as="font"/>');
  expect(sent).toContain('<h1>It starts</h1>');
});

test('only the documents of pages that are read are meant, not what the router fetches, nor other pages', () => {
  const request = (url: string, headers: Record<string, string> = {}) =>
    asksForStillPage({ method: 'GET', url, headers } as never);
  expect(request('/')).toBe(true);
  expect(request('/?utm=x')).toBe(true);
  expect(request('/', { rsc: '1' })).toBe(false);
  expect(request('/reference/errors?q=x')).toBe(true);
  expect(request('/scenarios')).toBe(true);
  expect(request('/reference/index.json')).toBe(false);
  expect(request('/guide')).toBe(false);
});
