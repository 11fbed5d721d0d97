import type { Document } from '#lib/server/views/docs/library.ts';

/** Fewer parts than these are seen at a glance. */
const FEW = 3;

/** The parts of a document, above its text. */
export function Contents({ document }: { readonly document: Document }) {
  const parts = document.sections.filter(({ depth }) => depth === 2);
  if (parts.length < FEW) return null;
  return (
    <nav className="doc-parts ui" aria-label="On this page">
      {parts.map(({ id, title }) => (
        <a key={id} href={`#${id}`}>
          {title}
        </a>
      ))}
    </nav>
  );
}
