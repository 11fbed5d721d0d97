import type { ConsentView } from '#lib/server/views/consent.ts';
import { Note } from './note.tsx';

/** Who you are: whoever is signed in, somebody made up on the spot, or an address that is kept. */
export function Ways({ view, sandbox }: { readonly view: ConsentView; readonly sandbox: string | null }) {
  const { invention, failed, login } = view;
  const described = failed ? 'ways-failed' : undefined;
  const typed = failed !== null || view.email !== '';
  return (
    <>
      <section className="sect" aria-labelledby="h-you">
        <h2 id="h-you">You are</h2>
        <div className="ways" role="radiogroup" aria-labelledby="h-you">
          {login && (
            <div className="way">
              <input type="radio" name="action" value="continue" id="way-continue" defaultChecked={!failed} />
              <label htmlFor="way-continue">{login.name}, as before</label>
              <p>
                {login.email !== null && <code>{login.email}</code>}
                {login.email !== null && ', '}signed in with this browser.
              </p>
            </div>
          )}
          <div className="way">
            <input type="radio" name="action" value="auto" id="way-auto" defaultChecked={!login && !typed} />
            <label htmlFor="way-auto">A new test user</label>
            <p>
              <code>{invention.email}</code>, made up now, {sandbox === null ? 'temporary' : 'gone with the sandbox'}.
            </p>
          </div>
          <div className="way">
            <input
              type="radio"
              name="action"
              value="login"
              id="way-login"
              defaultChecked={failed !== null || (!login && typed)}
            />
            <label htmlFor="way-login">Someone with an email and a password</label>
            <p>Kept. An unknown address becomes a new account.</p>
            <div className="login">
              {failed && (
                <p className="warn" id="ways-failed" role="alert">
                  <svg viewBox="0 0 12 12" aria-hidden="true">
                    <path d="M6 1.5v6M6 10.2v.1" />
                  </svg>
                  <span>
                    <b>{failed.says}</b>
                  </span>
                </p>
              )}
              <label htmlFor="email">Email</label>
              <input
                id="email"
                name="email"
                type="email"
                autoComplete="username"
                maxLength={254}
                defaultValue={view.email}
                aria-describedby={described}
                aria-invalid={failed?.problem === 'credentials' || undefined}
              />
              <label htmlFor="password">Password</label>
              <input
                id="password"
                name="password"
                type="password"
                autoComplete="current-password"
                aria-describedby={described}
                aria-invalid={failed ? true : undefined}
              />
            </div>
          </div>
        </div>
        {view.isPublic && <p className="beware">This is a test server. No real password belongs here.</p>}
      </section>
      <Note hand="you" lemma="users" className="d">
        Invented ones keep runs apart; kept ones let you test <code>login_hint</code> and <code>prompt=none</code>.
      </Note>
    </>
  );
}
