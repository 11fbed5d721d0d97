import type { ScopeWords } from '#lib/server/views/consent.ts';
import { Note } from './note.tsx';

/** What it may do, in plain words; each can be unticked. */
export function Scopes({ scopes }: { readonly scopes: readonly ScopeWords[] }) {
  return (
    <>
      <section className="sect" aria-labelledby="h-may">
        <h2 id="h-may">It may then</h2>
        {scopes.length === 0 ? (
          <p className="nothing">Nothing but know that you were here: it asks for no scope.</p>
        ) : (
          <ul className="scopes">
            {scopes.map(({ scope, says, includes, of }) => (
              <li key={scope}>
                <input type="checkbox" name="scope" value={scope} id={`scope-${scope}`} defaultChecked />
                <label htmlFor={`scope-${scope}`}>
                  {says}
                  {includes.length > 0 && (
                    <>
                      {' '}
                      <small>includes {includes.map((one) => words[one] ?? one).join(', ')}</small>
                    </>
                  )}
                </label>
                <code className={of}>
                  <b className="v">{scope}</b>
                </code>
              </li>
            ))}
          </ul>
        )}
      </section>
      {scopes.length > 0 && (
        <Note hand="mcp" lemma="scope" className="c">
          Untick what you would rather not give. The client learns what it got from the token answer, and must live with
          less.
        </Note>
      )}
    </>
  );
}

const words: Readonly<Record<string, string>> = { 'notes:read': 'reading' };
