import { Footer } from '#components/site/footer.tsx';
import { LateTheme } from '#components/site/late-theme.tsx';
import { Stray } from '#components/site/stray.tsx';

/** A kept report whose time is over, or that never was. */
export default function ReportGone() {
  return (
    <>
      <LateTheme />
      <Stray
        status={404}
        title="This report is gone."
        ways={
          <>
            <a className="btn" href="/sandbox">
              Test a client
            </a>
            <a className="btn" href="/scenarios">
              Scenarios
            </a>
          </>
        }
      >
        <p className="lede">
          A report is kept for 90 days unless its owner chose another time, or until its owner deletes it. Or its
          address is incomplete: compare it with the link that you were given.
        </p>
      </Stray>
      <Footer />
    </>
  );
}
