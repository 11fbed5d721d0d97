import { Footer } from '#components/site/footer.tsx';
import { LateTheme } from '#components/site/late-theme.tsx';
import '../sandbox.css';

/** A sandbox whose time is over, or that never was. */
export default function SandboxGone() {
  return (
    <>
      <LateTheme />
      <main id="main" className="sheet-page stray">
        <p className="fign stray-no">404</p>
        <h1 className="title">This sandbox is gone.</h1>
        <p className="lede">
          A sandbox is gone 24 hours after its last use, with its tokens, its users and all that was recorded. Or its
          address is incomplete: an id has 26 letters and digits.
        </p>
        <p className="stray-ways">
          <a className="btn" href="/sandbox">
            Make another
          </a>
          <a className="btn" href="/guide">
            Learn instead
          </a>
        </p>
      </main>
      <Footer />
    </>
  );
}
