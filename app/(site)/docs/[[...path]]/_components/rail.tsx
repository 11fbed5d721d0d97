import { documentGroups } from '#lib/server/views/docs/library.ts';

/** All documents by group, and the way back to the search. */
export function Rail({ open }: { readonly open: string | null }) {
  return (
    <nav className="doc-rail" aria-label="Docs">
      <p>
        <a href="/docs" aria-current={open === null ? 'page' : undefined}>
          All documents
        </a>
      </p>
      {documentGroups().map((group) => (
        <details key={group.title} open={group.title !== 'Decisions' || (open?.startsWith('decisions/') ?? false)}>
          <summary className="tiny dim">{group.title}</summary>
          <ul>
            {group.documents.map(({ slug, title }) => (
              <li key={slug}>
                <a href={`/docs/${slug}`} aria-current={slug === open ? 'page' : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </nav>
  );
}
