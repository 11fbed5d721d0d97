'use client';

import { usePathname } from 'next/navigation';

interface Place {
  readonly href: string;
  readonly word: string;
  /** Paths that belong there too. */
  readonly also?: readonly string[];
}

/** Only what exists: the interface names nothing that does not work. */
const places: readonly Place[] = [
  { href: '/guide', word: 'Learn', also: ['/levels', '/class', '/c'] },
  { href: '/sandbox', word: 'Sandbox' },
  { href: '/scenarios', word: 'Scenarios' },
  { href: '/lab', word: 'Lab' },
  { href: '/reference', word: 'Reference' },
  { href: '/docs', word: 'Docs' },
];

function useWords() {
  const path = usePathname();
  const isBelow = (href: string) => path === href || path.startsWith(`${href}/`);
  const current = ({ href, also = [] }: Place) => [href, ...also].some(isBelow);
  const here = places.find(current)?.word ?? 'Menu';
  const words = places.map((place) => (
    <a key={place.href} href={place.href} aria-current={current(place) ? 'page' : undefined}>
      {place.word}
    </a>
  ));
  return { words, here };
}

/** The words of the header, the current one marked. */
export function NavWords() {
  const { words } = useWords();
  return (
    <nav className="words" aria-label="Main">
      {words}
    </nav>
  );
}

/** The same on narrow screens, folded under the word for where one is. */
export function NavFold() {
  const { words, here } = useWords();
  return (
    <details className="fold-nav">
      <summary>
        {here === 'Menu' ? null : <span className="vh">Menu: </span>}
        {here}
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="m3.5 6 4.5 4.5L12.5 6" />
        </svg>
      </summary>
      <nav aria-label="Main">{words}</nav>
    </details>
  );
}
