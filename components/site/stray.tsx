/** What is said where no page is. */
export function Stray() {
  return (
    <main id="main" className="sheet-page stray">
      <p className="stray-no">
        <i>404</i>
      </p>
      <h1 className="title">Nothing lives here.</h1>
      <p className="lede">
        The address is not one of this server’s pages. Sandboxes go 24 hours after their last use, and their pages with
        them.
      </p>
      <p className="stray-ways">
        <a className="go" href="/">
          To the first page
        </a>
        <a className="btn" href="/guide">
          The tracks
        </a>
        <a className="btn" href="/reference">
          The reference
        </a>
      </p>
    </main>
  );
}
