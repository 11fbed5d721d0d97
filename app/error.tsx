'use client';

import { Stray } from '#components/site/stray.tsx';

/** Where a page broke: what happened, and the ways on. */
export default function PageError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <Stray
      status={500}
      title="This page broke."
      ways={
        <>
          <button type="button" className="go" onClick={reset}>
            Make it again
          </button>
          <a className="btn" href="/">
            To the first page
          </a>
        </>
      }
    >
      <p className="lede">
        Not you, and not your client: the server could not make the page, and has logged why. The protocol endpoints go
        on answering.
      </p>
      {error.digest && (
        <p className="soft ui">
          Its number in the log: <code>{error.digest}</code>
        </p>
      )}
    </Stray>
  );
}
