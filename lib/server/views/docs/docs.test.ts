/** The documents as pages: every link leads somewhere, nothing of the text becomes markup, and search finds parts. */
import { describe, expect, test } from 'vitest';
import { documentGroups, documents } from './library.ts';
import { addressOf, render } from './render.ts';
import { searchDocuments } from './search.ts';

const all = [...documents().values()];
const anchorsOf = (html: string): string[] => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);

test('each document has a title of its own and a place in the contents', () => {
  const listed = documentGroups().flatMap((group) => group.documents.map(({ slug }) => slug));
  expect(listed.sort()).toEqual([...documents().keys()].sort());
  expect(all.filter(({ slug, title }) => title === '' || title === slug)).toEqual([]);
  expect(listed).toEqual(expect.arrayContaining(['getting-started', 'testing', 'cookbook', 'check', 'container']));
});

test.each(all.map(({ slug, html }) => [slug, html]))(
  'the links of /docs/%s lead to a document and a part of it',
  (slug, html) => {
    const broken = [...html.matchAll(/<a href="([^"]*)"/g)]
      .map(([, href]) => href!)
      .filter((href) => href.startsWith('#') || href.startsWith('/docs/'))
      .filter((href) => {
        const [path, anchor] = href.split('#', 2);
        const target = path === '' ? html : documents().get(path!.slice('/docs/'.length))?.html;
        return target === undefined || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      });
    expect(broken, slug).toEqual([]);
  },
);

test('a table is named after its part, once; a heading without words is no heading', () => {
  const { html } = render(
    '# T\n\n## P\n\n|  | b |\n| - | - |\n| 1 | 2 |\n\ntext\n\n| a |\n| - |\n| 1 |\n',
    'a',
    new Set(),
  );
  expect([...html.matchAll(/aria-label="([^"]*)"/g)].map(([, name]) => name)).toEqual(['Table: P', 'Table: P, 2']);
  expect(html).toContain('<tr><td></td><th>b</th></tr>');
});

test('the excerpt of a find begins and ends between words', () => {
  for (const { excerpt } of searchDocuments('refresh')) {
    const shown = excerpt.map(({ text }) => text).join('');
    const [inner] = /[^…]+/.exec(shown)!;
    const whole = [...documents().values()].some(({ sections }) =>
      sections.some(({ text }) => ` ${text.replaceAll(/\s+/g, ' ').trim()} `.includes(` ${inner.trim()} `)),
    );
    expect(whole, shown).toBe(true);
  }
});

describe('what a document says in HTML is text', () => {
  const hostile = [
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1) "t")',
    '[x](data:text/html,x)',
    '[x](//evil.example)',
    '![x](x.png"onerror="alert(1))',
    '```"><img src=x onerror=alert(1)>\ncode\n```',
    '## <b onclick=alert(1)>x</b>',
    '| <i onclick=alert(1)> |\n| --- |\n| x |',
    '<javascript:alert(1)>',
  ];
  test.each(hostile)('%s', (text) => {
    const { html } = render(`# T\n\n${text}\n`, 'a', new Set(['a']));
    expect(html.replaceAll(/&lt;[\s\S]*?&gt;/g, '')).not.toMatch(
      /<(?:script|img|b|i)\b|<[^>]*\son\w+=|href="(?:javascript|data|\/\/)/i,
    );
  });
});

test('a link between documents becomes one between pages; a file of the repository has no page', () => {
  const slugs = new Set(['a', 'compat/b', 'decisions/c']);
  expect(addressOf('compat/b.md#x', 'a', slugs)).toBe('/docs/compat/b#x');
  expect(addressOf('../a.md', 'compat/b', slugs)).toBe('/docs/a');
  expect(addressOf('../compat/', 'decisions/c', slugs)).toBe('/docs');
  expect(addressOf('decisions', 'a', slugs)).toBe(null);
  expect(addressOf('../examples/x.ts', 'a', slugs)).toBe(null);
  expect(addressOf('../../../../etc/passwd', 'a', slugs)).toBe(null);
  expect(addressOf('https://example.com/a.md', 'a', slugs)).toBe('https://example.com/a.md');
});

test('a search finds the part of a document, with beginnings and slips of words', () => {
  const hrefs = (question: string): string[] => searchDocuments(question).map(({ href }) => href);
  expect(hrefs('RS256 pin')).toContain('/docs/cookbook#rs256-for-readers-that-pin-it');
  expect(hrefs('https only')[0]).toBe('/docs/cookbook#https-keys-by-https-only');
  const recipes = ['refresh race', 'expiry', 'refused consent', 'step-up', 'lost answer', 'own MCP server', 'https'];
  for (const recipe of recipes)
    expect.soft([recipe, hrefs(recipe)[0]]).toEqual([recipe, expect.stringMatching(/cookbook#/)]);
  expect(hrefs('containr')[0]).toMatch(/^\/docs\/container/);
  expect(hrefs('xyzzyplugh')).toEqual([]);
  expect(searchDocuments('(.*)+$ [')).toEqual(expect.any(Array));
});
