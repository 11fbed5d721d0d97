'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { browserStorage, keepArrival, waitingRun } from '#lib/guide/storage.ts';

/** Keeps the answer for the run that waits for it, and goes on to its track. */
export function Arrival() {
  const router = useRouter();
  const taken = useRef(false);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    const { href } = window.location;
    // The code does not stay in the address bar, nor in the history behind it.
    window.history.replaceState(window.history.state, '', '/guide/callback');
    const { track, step } = waitingRun(browserStorage(), href) ?? { track: 'authorization-code', step: '' };
    if (browserStorage() === null || !/[?&](?:code|error|state)=/.test(href)) {
      setLost(true);
      return;
    }
    keepArrival(browserStorage(), track, href);
    // This page is at its top: the router need not scroll there, for which it would lay the walk out as it is drawn.
    router.replace(step === '' ? `/guide/${track}` : `/guide/${track}/${step}`, { scroll: false });
  }, [router]);
  return (
    <main className="sheet-page" id="main">
      <h1 className="title">{lost ? 'No answer came along.' : 'Back with an answer'}</h1>
      <p className="lede" role="status">
        {lost
          ? 'A server sends the browser back to this address, with its answer. You came without one.'
          : 'The client compares state and iss before it believes anything.'}
      </p>
      {lost && (
        <p>
          <a className="link" href="/guide">
            All tracks
          </a>
        </p>
      )}
    </main>
  );
}
