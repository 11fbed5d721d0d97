/** The documents of `docs/`: server only. Each is read and rendered once in a process. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Rendered, render } from './render.ts';

/** The package brings the documents beside its pages, and says where. */
const folder = (): string => process.env.AUTHWALK_DOCS ?? join(/* turbopackIgnore: true */ process.cwd(), 'docs');

/** Groups of the contents, in the order in which people need them; what no group names comes last. */
const GROUPS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['Use it', /^(?:getting-started|testing|comparison|cookbook|check|sandboxes|container|configuration)$/],
  ['Run it', /^(?:operations|performance|public-instance)$/],
  ['Beside others', /^compat\//],
  ['Build it', /^(?:glossary|recipes)$/],
  ['Decisions', /^decisions\//],
];

export interface Document extends Rendered {
  /** Its address below `/docs`, such as `compat/clients`. */
  readonly slug: string;
}

export interface Group {
  readonly title: string;
  readonly documents: readonly Document[];
}

let all: ReadonlyMap<string, Document> | undefined;

/** All documents by their address below `/docs`. */
export function documents(): ReadonlyMap<string, Document> {
  if (all !== undefined && process.env.NODE_ENV !== 'development') return all;
  const names = readdirSync(/* turbopackIgnore: true */ folder(), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md'))
    .sort();
  const slugs = new Set(names.map(slugOf));
  all = new Map(
    names.map((name) => {
      const slug = slugOf(name);
      const text = readFileSync(/* turbopackIgnore: true */ join(folder(), name), 'utf8');
      return [slug, { slug, ...render(text, slug, slugs) }] as const;
    }),
  );
  return all;
}

/** The documents as the contents list them. */
export function documentGroups(): readonly Group[] {
  const left = new Map(documents());
  const groups = GROUPS.map(([title, pattern]) => {
    const found = [...left.values()].filter(({ slug }) => pattern.test(slug));
    for (const { slug } of found) left.delete(slug);
    // The first group names its documents in the order in which they are read.
    const order = pattern.source;
    return { title, documents: found.sort((a, b) => order.indexOf(a.slug) - order.indexOf(b.slug)) };
  });
  return [...groups, { title: 'More', documents: [...left.values()] }].filter((group) => group.documents.length > 0);
}

const slugOf = (name: string): string => name.replace(/\.md$/, '');
