import { Footer } from '#components/site/footer.tsx';
import { LateTheme } from '#components/site/late-theme.tsx';

/** A kept report whose time is over, or that never was. */
export default function ReportGone() {
  return (
    <>
      <LateTheme />
      <main id="main" className="sheet-page stray">
        <p className="stray-no">
          <i>404</i>
        </p>
        <h1 className="title">This report is gone.</h1>
        <p className="lede">
          A report is kept for 90 days, or until its owner deletes it. Or its address is incomplete: compare it with the
          link that you were given.
        </p>
        <p className="stray-ways">
          <a className="btn" href="/sandbox">
            Test a client
          </a>
          <a className="btn" href="/scenarios">
            Scenarios
          </a>
        </p>
      </main>
      <Footer />
    </>
  );
}
