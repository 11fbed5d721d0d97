import { Icon } from '#components/values/glyph.tsx';
import type { ConsentView } from '#lib/server/views/consent.ts';

/** Approve, or deny. What the button says follows the chosen way, by style sheet alone. */
export function Decide({ view }: { readonly view: ConsentView }) {
  const { redirect } = view;
  return (
    <div>
      <div className="decide">
        <button className="go" type="submit">
          {view.login && <span className="if-continue">Approve as {view.login.name}</span>}
          <span className="if-auto">Approve as {view.invention.handle}</span>
          <span className="if-login">Sign in and approve</span>
          <kbd>
            <Icon name="enter" />
          </kbd>
        </button>
        <button className="btn" type="submit" form="deny">
          Deny
        </button>
        {redirect.shown && (
          <p className="tiny">
            Either way you go to
            <br />
            <span className="m">
              {redirect.host}
              {redirect.port}
            </span>
          </p>
        )}
      </div>
      {view.misbehaviours.length > 0 && (
        <details className="mis">
          <summary>
            <Icon name="down" />
            Approve, but misbehave
          </summary>
          <ul>
            {view.misbehaviours.map((way) => (
              <li key={way.value}>
                <label>
                  <input type="checkbox" name="misbehave" value={way.value} /> {way.says}
                </label>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
