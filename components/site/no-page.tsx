import { DEFAULT_TTL, lifeInWords } from '#lib/spec/lifetimes.ts';
import { LateTheme } from './late-theme.tsx';
import { Stray } from './stray.tsx';

/** What is said where no page is. */
export function NoPage() {
  return (
    <>
      <LateTheme />
      <Stray
        status={404}
        title="Page not found."
        ways={
          <>
            <a className="go" href="/">
              First page
            </a>
            <a className="btn" href="/guide">
              Tracks
            </a>
            <a className="btn" href="/reference">
              Reference
            </a>
          </>
        }
      >
        <p className="lede">
          There is no page at this address. A sandbox and its page are deleted after their last use:{' '}
          {lifeInWords(DEFAULT_TTL)} later, unless its maker chose another time.
        </p>
      </Stray>
    </>
  );
}
