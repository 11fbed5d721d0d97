'use client';

import { lazy, Suspense, useState } from 'react';

const TokenReading = lazy(() => import('./token-reading.tsx'));

interface JwtLineProps {
  readonly token: string;
  /** Issuer of the sandbox, whose keys it is verified against. */
  readonly issuer: string;
  /** ms of the clock of the sandbox from the wall's. */
  readonly offset: number;
}

/** A token in a line, decoded in place. */
export function JwtLine({ token, issuer, offset }: JwtLineProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="decode" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'fold' : 'decode'}
      </button>
      {open && (
        <Suspense>
          <TokenReading token={token} issuer={issuer} offset={offset} />
        </Suspense>
      )}
    </>
  );
}
