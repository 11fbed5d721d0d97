import { LateTheme } from './late-theme.tsx';

/** What is said where no page is. */
export function Stray() {
  return (
    <main id="main" className="sheet-page stray">
      <LateTheme />
      <p className="stray-no">
        <i>404</i>
      </p>
      <h1 className="title">Page not found.</h1>
      <p className="lede">
        There is no page at this address. A sandbox and its page are deleted 24 hours after their last use.
      </p>
      <p className="stray-ways">
        <a className="go" href="/">
          First page
        </a>
        <a className="btn" href="/guide">
          Tracks
        </a>
        <a className="btn" href="/reference">
          Reference
        </a>
      </p>
    </main>
  );
}
