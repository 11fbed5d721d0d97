import { documentGroups } from '#lib/server/views/docs/library.ts';
import { searchDocuments } from '#lib/server/views/docs/search.ts';
import '#components/site/find.css';

/** Search and contents. The form asks the server: no script is needed. */
export function Overview({ question }: { readonly question: string }) {
  const asked = question.trim();
  return (
    <>
      <h1 className="title">Docs</h1>
      <search>
        <form action="/docs" className="find">
          <label className="vh" htmlFor="question">
            Search the documents
          </label>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="7" cy="7" r="4.5" />
            <path d="m10.5 10.5 3.5 3.5" />
          </svg>
          <input
            id="question"
            type="search"
            name="q"
            defaultValue={asked}
            maxLength={200}
            placeholder="refresh race, docker host name, RS256, expected failures …"
          />
          <button type="submit" className="link">
            Search
          </button>
          <kbd title="Press / to search">/</kbd>
        </form>
      </search>
      {asked === '' ? <Groups /> : <Results question={asked} />}
    </>
  );
}

function Results({ question }: { readonly question: string }) {
  const found = searchDocuments(question);
  return (
    <section aria-label="Found">
      <p className="cap doc-count" role="status">
        {found.length === 0 ? 'No document has all these words.' : `${found.length} parts have these words.`}{' '}
        <a href="/docs">All documents</a>
      </p>
      <ul className="doc-found">
        {found.map(({ href, document, section, excerpt }) => (
          <li key={href}>
            <a href={href}>{section === '' ? document : section}</a>
            {section === '' ? null : <span className="tiny dim">{document}</span>}
            <p className="says">
              {excerpt.map(({ text, hit }, at) =>
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one excerpt never move.
                hit ? <mark key={at}>{text}</mark> : text,
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Groups() {
  return documentGroups().map((group) => (
    <section key={group.title} className="doc-group" aria-labelledby={anchorOf(group.title)}>
      <header className="figh">
        <h2 id={anchorOf(group.title)}>{group.title}</h2>
      </header>
      <ul className="doc-found">
        {group.documents.map(({ slug, title, says }) => (
          <li key={slug}>
            <a href={`/docs/${slug}`}>{title}</a>
            <p className="says">{says}</p>
          </li>
        ))}
      </ul>
    </section>
  ));
}

const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');
