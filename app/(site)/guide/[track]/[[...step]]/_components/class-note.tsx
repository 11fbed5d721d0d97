'use client';

import { useEffect, useRef, useState } from 'react';
import { ApiError, requestJson } from '#lib/client/request.ts';
import { browserStorage, type Membership, readMembership, writeMembership } from '#lib/guide/storage.ts';
import { placeOf } from '#lib/labs/classes/place.ts';
import type { WalkHandle } from './use-walk.ts';

/** Ms after a change: what follows at once is sent with it. */
const PAUSE = 600;

/** Tells the wall of the class where this walk is, and nothing else; says so, and lets one leave. */
export function ClassNote({ walk }: { readonly walk: WalkHandle }) {
  const [membership, setMembership] = useState<Membership | null>(null);
  useEffect(() => {
    const mine = readMembership(browserStorage());
    setMembership(mine?.track === walk.track.id ? mine : null);
  }, [walk.track.id]);
  const { snapshot, view, following } = walk;
  const place = JSON.stringify(placeOf(snapshot.state, view.current));
  const isMine = snapshot.awake && !following.on;
  const sent = useRef('');
  useEffect(() => {
    if (!membership || !isMine || sent.current === place) return;
    const timer = setTimeout(() => {
      sent.current = place;
      const path = `/api/classes/${membership.id}/members/me`;
      requestJson('PUT', path, { token: membership.token, body: JSON.parse(place) }).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 404) return;
        // The class has ended: nobody listens any more.
        writeMembership(browserStorage(), null);
        setMembership(null);
      });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [membership, isMine, place]);
  if (!membership) return null;
  const leave = () => {
    writeMembership(browserStorage(), null);
    setMembership(null);
    void requestJson('DELETE', `/api/classes/${membership.id}/members/me`, { token: membership.token }).catch(
      () => undefined,
    );
  };
  return (
    <p className="class-note tiny dim">
      The wall of class <a href={`/c/${membership.id}`}>{membership.id}</a> sees your step, refusals and guesses.{' '}
      <button type="button" className="link tiny" onClick={leave}>
        Leave it
      </button>
    </p>
  );
}
