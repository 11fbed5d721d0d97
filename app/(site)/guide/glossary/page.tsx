import type { Metadata } from 'next';
import { Footer } from '#components/site/footer.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { loadGlossary } from '#lib/guide/load.ts';
import './glossary.css';

export const metadata: Metadata = {
  title: 'Glossary',
  description: 'The words of OAuth, each in a sentence or two, with the clause that defines it.',
};

/** The words of the field. Steps link here at the first use of each. */
export default function Glossary() {
  const words = loadGlossary().toSorted((a, b) => a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }));
  return (
    <>
      <main id="main" className="sheet-page glossary">
        <h1 className="title">Glossary</h1>
        <p className="lede">The words of the field, each as the specifications use it.</p>
        <dl>
          {words.map((entry) => (
            <div key={entry.id} id={entry.id}>
              <dt>{entry.term}</dt>
              <dd>
                <Prose text={entry.says} /> {entry.ref && <ClauseLink label={entry.ref.label} url={entry.ref.url} />}
              </dd>
            </div>
          ))}
        </dl>
      </main>
      <Footer />
    </>
  );
}
