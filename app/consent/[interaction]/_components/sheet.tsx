import { Glyph } from '#components/values/glyph.tsx';
import type { ConsentView } from '#lib/server/views/consent.ts';
import { Decide } from './decide.tsx';
import { Note } from './note.tsx';
import { Redirect } from './redirect.tsx';
import { Scopes } from './scopes.tsx';
import { Ways } from './ways.tsx';

/** The one form of this page. Works without JavaScript. */
export function Sheet({ view, sandbox }: { readonly view: ConsentView; readonly sandbox: string | null }) {
  return (
    <main id="main">
      <form className="sheet" method="post" action={view.action}>
        <input type="hidden" name="interaction" value={view.interaction} />
        <div>
          <h1>
            <b>{view.client.name}</b> asks to act for you.
          </h1>
          <Known client={view.client} />
          {view.silent && (
            <p className="known">
              This sandbox never lets this page come to an end: whatever you choose brings you back here.
            </p>
          )}
        </div>
        <Note hand="client" lemma="name" className="a">
          {nameNote(view.client)}
        </Note>
        {view.redirect.shown && (
          <>
            <Redirect redirect={view.redirect} />
            <Note hand="client" lemma="redirect_uri" className="b" clause={redirectClause[view.redirect.kind]}>
              The one line to read. The code leaves this server for that address, and whoever sits there holds it.
            </Note>
          </>
        )}
        <section className="sect" aria-labelledby="h-at">
          <h2 id="h-at">To be used at</h2>
          <ul className="places">
            {view.resources.map((resource) => (
              <li key={resource.uri}>
                <span className="hand mcp">
                  <Glyph hand="mcp" />
                  {resource.name}
                </span>{' '}
                <span className="mcp">
                  <b className="v m">{resource.uri.replace(/^https?:\/\//, '')}</b>
                </span>
              </li>
            ))}
            {view.audiences.map((audience) => (
              <li key={audience}>
                <span className="client">
                  <b className="v m">{audience}</b>
                </span>
              </li>
            ))}
          </ul>
        </section>
        <Scopes scopes={view.scopes} />
        <Ways view={view} sandbox={sandbox} />
        <Decide view={view} />
      </form>
      {/* Denying carries neither the scopes nor the user. */}
      <form id="deny" method="post" action={view.action}>
        <input type="hidden" name="interaction" value={view.interaction} />
        <input type="hidden" name="action" value="deny" />
      </form>
    </main>
  );
}

const redirectClause = {
  loopback: { label: 'RFC 8252 §7.3', url: 'https://www.rfc-editor.org/rfc/rfc8252#section-7.3' },
  app: { label: 'RFC 8252 §7.1', url: 'https://www.rfc-editor.org/rfc/rfc8252#section-7.1' },
  web: {
    label: 'OAuth 2.1 §4.1.1',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1',
  },
} as const;

function Known({ client }: { readonly client: ConsentView['client'] }) {
  if (client.documentHost !== null) {
    return (
      <p className="known">
        Its name and address come from its own document at{' '}
        <span className="client">
          <b className="v">{client.documentHost}</b>
        </span>
        . Nobody has checked who runs it.
      </p>
    );
  }
  return <p className="known">{client.says}</p>;
}

function nameNote(client: ConsentView['client']): string {
  if (client.known === 'document')
    return `Anyone can call a program ${client.name}. Only the host is certain: whoever controls it put the document there.`;
  if (client.known === 'dynamic')
    return `Anyone can register, under any name. That it says ${client.name} proves nothing about who asks.`;
  return 'A client that was entered beforehand has a name that somebody answers for.';
}
