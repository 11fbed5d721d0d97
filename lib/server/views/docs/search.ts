/** The search of the documents: a section is what is found. It runs here, so that the page needs no script. */
import MiniSearch from 'minisearch';
import { documents } from './library.ts';

export interface Found {
  readonly href: string;
  readonly document: string;
  readonly section: string;
  /** Some words around the first that matches, split into what matches and what does not. */
  readonly excerpt: readonly { readonly text: string; readonly hit: boolean }[];
}

/** Sections that are shown, at most. */
const MOST = 30;
/** Characters of a question that are read. */
const LONGEST = 200;
/** Characters shown around the first match. */
const AROUND = 180;

interface Entry {
  readonly id: string;
  readonly document: string;
  readonly section: string;
  readonly text: string;
}

let built: MiniSearch<Entry> | undefined;

function index(): MiniSearch<Entry> {
  if (built !== undefined) return built;
  const made = new MiniSearch<Entry>({
    fields: ['section', 'document', 'text'],
    storeFields: ['document', 'section', 'text'],
    searchOptions: { boost: { section: 4, document: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  for (const { slug, title, sections } of documents().values())
    made.addAll(
      sections.map(({ id, title: section, text }) => ({
        id: `/docs/${slug}${id === '' ? '' : `#${id}`}`,
        document: title,
        section: id === '' ? '' : section,
        text,
      })),
    );
  if (process.env.NODE_ENV !== 'development') built = made;
  return made;
}

/** The sections that speak of all words of a question, the best first. */
export function searchDocuments(question: string): readonly Found[] {
  return index()
    .search(question.slice(0, LONGEST))
    .slice(0, MOST)
    .map((result) => ({
      href: String(result.id),
      document: String(result.document),
      section: String(result.section),
      excerpt: excerptOf(String(result.text), result.terms),
    }));
}

/** Where a word begins, at or after a place in the text. */
const wordFrom = (text: string, at: number): number => (at <= 0 ? 0 : text.indexOf(' ', Math.floor(at) - 1) + 1);

/** @param terms words as they stand in the text, in lower case */
function excerptOf(text: string, terms: readonly string[]): Found['excerpt'] {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  const lower = plain.toLowerCase();
  const first = Math.min(...terms.map((term) => lower.indexOf(term)).filter((at) => at >= 0), plain.length);
  const from = first === plain.length ? 0 : wordFrom(plain, first - AROUND / 3);
  const to = from + AROUND < plain.length ? plain.lastIndexOf(' ', from + AROUND) : plain.length;
  const shown = `${from > 0 ? '… ' : ''}${plain.slice(from, to)}${to < plain.length ? ' …' : ''}`;
  const words = terms.map((term) => term.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return [{ text: shown, hit: false }];
  return shown
    .split(new RegExp(`(${words.join('|')})`, 'gi'))
    .map((part, at) => ({ text: part, hit: at % 2 === 1 }))
    .filter((part) => part.text !== '');
}
