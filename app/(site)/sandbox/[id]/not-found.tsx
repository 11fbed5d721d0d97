import { Footer } from '#components/site/footer.tsx';
import { LateTheme } from '#components/site/late-theme.tsx';
import { Stray } from '#components/site/stray.tsx';
import '../sandbox.css';

/** A sandbox whose time is over, or that never was. */
export default function SandboxGone() {
  return (
    <>
      <LateTheme />
      <Stray
        status={404}
        title="This sandbox is gone."
        ways={
          <>
            <a className="btn" href="/sandbox">
              Make another
            </a>
            <a className="btn" href="/guide">
              Learn instead
            </a>
          </>
        }
      >
        <p className="lede">
          A sandbox is gone 24 hours after its last use, with its tokens, its users and all that was recorded. Or its
          address is incomplete: an id has 26 letters and digits.
        </p>
      </Stray>
      <Footer />
    </>
  );
}
