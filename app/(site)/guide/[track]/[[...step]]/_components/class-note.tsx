'use client';

import { useEffect, useRef, useState } from 'react';
import { ApiError, requestJson } from '#lib/client/request.ts';
import { browserStorage, type Membership, readMembership, writeMembership } from '#lib/guide/storage.ts';
import { placeOf, refusalOf } from '#lib/labs/classes/place.ts';
import { ShowMine } from './show-mine.tsx';
import type { WalkHandle } from './use-walk.ts';

/** Ms after a change: what follows at once is sent with it. */
const PAUSE = 600;

/** Ms between two looks at what the class is shown, while this page is in view. */
const LOOK = 5000;

/** What the wall tells its participants. */
interface Told {
  /** The step that the class is shown; null if none is. */
  readonly presents: string | null;
  /** The refusal of which the class would like to see one; null if none. */
  readonly asks: { readonly step: string; readonly reason: string } | null;
}
const NOTHING: Told = { presents: null, asks: null };

function useTold(membership: Membership | null): Told {
  const [told, setTold] = useState(NOTHING);
  const id = membership?.id;
  useEffect(() => {
    if (id === undefined) return;
    const look = () => {
      if (document.hidden) return;
      requestJson<Told>('GET', `/api/classes/${id}`).then(
        setTold,
        // What is not known is not said; a class that has ended is noticed when the walk goes on.
        () => setTold(NOTHING),
      );
    };
    look();
    const timer = setInterval(look, LOOK);
    return () => clearInterval(timer);
  }, [id]);
  return told;
}

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
  const { presents, asks } = useTold(membership);
  if (!membership) return null;
  const step = walk.track.steps.find((one) => one.id === presents);
  const refused = asks === null ? null : refusalOf(snapshot.state, asks);
  const leave = () => {
    writeMembership(browserStorage(), null);
    setMembership(null);
    void requestJson('DELETE', `/api/classes/${membership.id}/members/me`, { token: membership.token }).catch(
      () => undefined,
    );
  };
  return (
    <>
      {refused && asks && (
        <ShowMine key={`${asks.step} ${asks.reason}`} membership={membership} asks={asks} mine={refused} />
      )}
      <p className="class-note tiny dim">
        <span role="status">
          {step && (
            <>
              Your class is shown step {step.number}, <a href={walk.hrefOf(step.id)}>{step.title}</a>.{' '}
            </>
          )}
        </span>
        The wall of class <a href={`/c/${membership.id}`}>{membership.id}</a> sees your step, refusals and guesses.{' '}
        <button type="button" className="link tiny" onClick={leave}>
          Leave it
        </button>
      </p>
    </>
  );
}
