/**
 * Markdown as a page shows it. What the text says in HTML is shown as text: no tag, no attribute and no scheme of a
 * document reaches the page unless this file writes it.
 */
import { Marked, type Token, type Tokens } from 'marked';

/** A part of a document below a heading, for contents and search. */
export interface Section {
  /** Anchor within the page; empty before the first heading. */
  readonly id: string;
  readonly title: string;
  readonly depth: number;
  /** Its words, without marks. */
  readonly text: string;
}

export interface Rendered {
  readonly title: string;
  /** The first sentence after the title. */
  readonly says: string;
  readonly html: string;
  readonly sections: readonly Section[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);

/** The words of a token, without marks. */
function wordsOf(token: Token): string {
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].map((row) => row.map((cell) => cell.tokens.map(wordsOf).join('')).join(' ')).join('\n');
  }
  if (token.type === 'list') return (token as Tokens.List).items.map(wordsOf).join('\n');
  if ('tokens' in token && token.tokens) return token.tokens.map(wordsOf).join('');
  return 'text' in token ? String(token.text) : '';
}

/** The anchor of a heading, as code hosts make it. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/**
 * Where a link leads from the page; null if it leads to a file of the repository that no page shows.
 * @param slug of the document that holds it
 * @param slugs of all documents
 */
export function addressOf(href: string, slug: string, slugs: ReadonlySet<string>): string | null {
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) return href;
  if (href.startsWith('#')) return href;
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith('//')) return null;
  if (href.startsWith('/')) return href;
  const url = new URL(href, `http://docs/docs/${slug}`);
  const target = url.pathname.replace(/^\/docs\//, '').replace(/\.md$/, '');
  if (url.pathname.startsWith('/docs/') && slugs.has(target)) return `/docs/${target}${url.hash}`;
  // A folder of documents is shown by the contents.
  return /^\/docs\/(?:[a-z]+\/)?$/.test(url.pathname) ? '/docs' : null;
}

/** Two pieces of code in one language, without a word between them: they are to be compared. */
const BESIDE =
  /<pre [^>]*(data-language="\w+")>(?:(?!<\/pre>)[\s\S])*<\/pre>\n<pre [^>]*\1>(?:(?!<\/pre>)[\s\S])*<\/pre>\n/g;

/** Renders a document. */
export function render(markdown: string, slug: string, slugs: ReadonlySet<string>): Rendered {
  const marked = new Marked({ gfm: true });
  const tokens = marked.lexer(markdown);
  const sections: { id: string; title: string; depth: number; text: string }[] = [
    { id: '', title: '', depth: 1, text: '' },
  ];
  const used = new Map<string, number>();
  for (const token of tokens) {
    if (token.type === 'heading') {
      const { depth } = token as Tokens.Heading;
      const title = wordsOf(token);
      const base = anchorOf(title);
      const times = used.get(base) ?? 0;
      used.set(base, times + 1);
      if (depth === 1) sections[0]!.title ||= title;
      else sections.push({ id: times === 0 ? base : `${base}-${times}`, title, depth, text: '' });
    } else sections.at(-1)!.text += `${wordsOf(token)}\n`;
  }
  const anchors = sections.slice(1).map(({ id }) => id);
  let titled = false;
  // A table is a region that can be scrolled; its name says below which heading it stands.
  let part = sections[0]!.title || slug;
  const tables = new Map<string, number>();
  marked.use({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      heading(this: { parser: { parseInline(tokens: Token[]): string } }, { depth, tokens: inner }) {
        const words = this.parser.parseInline(inner);
        if (depth === 1 && !titled) {
          titled = true;
          return '';
        }
        const id = anchors.shift() ?? '';
        part = inner.map(wordsOf).join('');
        return `<h${depth} id="${escapeHtml(id)}"><a href="#${escapeHtml(id)}">${words}</a></h${depth}>\n`;
      },
      code: ({ text, lang }) =>
        `<pre tabindex="0"${lang ? ` data-language="${escapeHtml(lang)}"` : ''}>` +
        `<code>${escapeHtml(text)}</code></pre>\n`,
      link(this: { parser: { parseInline(tokens: Token[]): string } }, { href, tokens: inner }) {
        const words = this.parser.parseInline(inner);
        const address = addressOf(href, slug, slugs);
        if (address === null) return `<span class="doc-file" title="in the repository">${words}</span>`;
        const away = /^https?:/i.test(address) ? ' rel="noreferrer"' : '';
        return `<a href="${escapeHtml(address)}"${away}>${words}</a>`;
      },
      // Pictures of the repository are not part of the package.
      image: ({ text }) => escapeHtml(text),
      table(this: { parser: { parseInline(tokens: Token[]): string } }, { header, rows }) {
        const cell = ({ text, tokens: inner }: Tokens.TableCell, tag: 'th' | 'td'): string => {
          // A heading without words heads nothing.
          const is = text === '' ? 'td' : tag;
          return `<${is}>${this.parser.parseInline(inner)}</${is}>`;
        };
        const row = (cells: Tokens.TableCell[], tag: 'th' | 'td'): string =>
          `<tr>${cells.map((one) => cell(one, tag)).join('')}</tr>`;
        const head = header.some(({ text }) => text !== '') ? `<thead>${row(header, 'th')}</thead>` : '';
        const body = rows.map((cells) => row(cells, 'td')).join('');
        const table = `<table>${head}<tbody>${body}</tbody></table>`;
        const times = (tables.get(part) ?? 0) + 1;
        tables.set(part, times);
        const name = escapeHtml(`Table: ${part}${times === 1 ? '' : `, ${times}`}`);
        return `<div class="doc-table" tabindex="0" role="region" aria-label="${name}">${table}</div>\n`;
      },
    },
  });
  const first = tokens.find(({ type }) => type === 'paragraph');
  // A decision begins with a word that says no more than that it begins.
  const words = first === undefined ? '' : wordsOf(first).replace(/^Context\.\s+/, '');
  const says = /^[\s\S]*?[.:](?=\s|$)/.exec(words)?.[0] ?? words;
  return {
    title: sections[0]!.title || slug,
    says: says.replaceAll(/\s+/g, ' ').replace(/:$/, '.'),
    html: marked.parser(tokens).replaceAll(BESIDE, '<div class="doc-beside">$&</div>\n'),
    sections,
  };
}
