'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { Track } from '#lib/guide/types.ts';
import { runOf } from '../[track]/_components/use-walk.ts';

/** Hands the answer to the run that is waiting for it, and goes on to its step. */
export function Arrival({ tracks, origin }: { readonly tracks: readonly Track[]; readonly origin: string }) {
  const router = useRouter();
  const taken = useRef(false);
  const [failed, setFailed] = useState(false);
  const track = tracks[0];
  useEffect(() => {
    if (taken.current || !track) return;
    taken.current = true;
    const { href } = window.location;
    // The code does not stay in the address bar, nor in the history behind it.
    window.history.replaceState(window.history.state, '', '/guide/callback');
    runOf(track, origin)
      .returned(href)
      .then(
        (step) => router.replace(`/guide/${track.id}/${step}`),
        () => setFailed(true),
      );
  }, [track, origin, router]);
  return (
    <main className="sheet-page" id="main">
      <h1 className="title">Back with an answer</h1>
      <p className="lede" role="status">
        {failed ? 'The answer could not be read.' : 'The client compares state and iss before it believes anything.'}
      </p>
      {track && failed && (
        <p>
          <Link className="link" href={`/guide/${track.id}`}>
            To the walk
          </Link>
        </p>
      )}
    </main>
  );
}
