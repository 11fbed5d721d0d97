import { Footer } from '#components/site/footer.tsx';
import { LateTheme } from '#components/site/late-theme.tsx';
import { Stray } from '#components/site/stray.tsx';
import { DEFAULT_TTL, lifeInWords, MAX_TTL } from '#lib/spec/lifetimes.ts';
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
          A sandbox is gone {lifeInWords(DEFAULT_TTL)} after its last use, or after the time that its maker chose (
          {lifeInWords(MAX_TTL)} at most), with its tokens, its users and all that was recorded. Or its address is
          incomplete: an id has 26 letters and digits.
        </p>
      </Stray>
      <Footer />
    </>
  );
}
