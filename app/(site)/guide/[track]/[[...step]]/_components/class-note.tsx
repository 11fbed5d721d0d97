'use client';

import { useCallback, useEffect, useState } from 'react';
import { ApiError, requestJson } from '#lib/client/request.ts';
import { browserStorage, type Membership, readMembership, writeMembership } from '#lib/guide/storage.ts';
import { placeOf, refusalOf } from '#lib/labs/classes/place.ts';
import { ShowMine } from './show-mine.tsx';
import { usePlace } from './use-place.ts';
import type { WalkHandle } from './use-walk.ts';

/** Ms between two looks at what the class is shown, while this page is in view. */
const LOOK = 5000;

/** What the wall tells its participants. */
interface Told {
  /** The step that the class is shown; null if none is. */
  readonly presents: string | null;
  /** The refusal of which the class would like to see one; null if none. */
  readonly asks: { readonly step: string; readonly reason: string } | null;
  /** Whether the clocks are to stand still; null: not known. */
  readonly frozen: boolean | null;
}
const NOTHING: Told = { presents: null, asks: null, frozen: null };
/** What holds outside a class, and after a class has ended. */
const ALONE: Told = { ...NOTHING, frozen: false };

/**
 * What the class tells, looked up every few seconds.
 * @param membership null: in no class; undefined: not known yet
 * @param onEnd called when the class is no more
 */
function useTold(membership: Membership | null | undefined, onEnd: () => void): Told {
  const [told, setTold] = useState(NOTHING);
  const id = membership === null ? null : membership?.id;
  useEffect(() => {
    if (id === undefined) return;
    if (id === null) return setTold(ALONE);
    const look = () => {
      if (document.hidden) return;
      requestJson<Told>('GET', `/api/classes/${id}`).then(
        setTold,
        // What is not known is not said.
        (error: unknown) => {
          setTold(NOTHING);
          if (error instanceof ApiError && error.status === 404) onEnd();
        },
      );
    };
    look();
    const timer = setInterval(look, LOOK);
    return () => clearInterval(timer);
  }, [id, onEnd]);
  return told;
}

/** Tells the wall of the class where this walk is, and nothing else; says so, and lets one leave. */
export function ClassNote({ walk }: { readonly walk: WalkHandle }) {
  const [membership, setMembership] = useState<Membership | null>();
  useEffect(() => {
    const mine = readMembership(browserStorage());
    setMembership(mine?.track === walk.track.id ? mine : null);
  }, [walk.track.id]);
  const forget = useCallback(() => {
    writeMembership(browserStorage(), null);
    setMembership(null);
  }, []);
  const { snapshot, view, following } = walk;
  const place = JSON.stringify(placeOf(snapshot.state, view.current));
  const isMine = snapshot.awake && !following.on;
  usePlace(membership, isMine ? place : null, forget);
  const told = useTold(membership, forget);
  const { run } = walk;
  const { sandbox, frozenAt } = snapshot.state;
  // Told anew at each look, so that a try that failed is made again.
  useEffect(() => {
    if (snapshot.awake && sandbox && told.frozen !== null && told.frozen !== (frozenAt != null))
      void run.freeze(told.frozen);
  }, [told, run, snapshot.awake, sandbox, frozenAt]);
  if (!membership) return null;
  const { presents, asks } = told;
  const step = walk.track.steps.find((one) => one.id === presents);
  const refused = asks === null ? null : refusalOf(snapshot.state, asks);
  const leave = () => {
    forget();
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
          {frozenAt != null && 'Your class has stopped the clocks: no code and no token of yours expires. '}
        </span>
        The wall of class <a href={`/c/${membership.id}`}>{membership.id}</a> sees your step, refusals and guesses.{' '}
        <button type="button" className="link tiny" onClick={leave}>
          Leave it
        </button>
      </p>
    </>
  );
}
