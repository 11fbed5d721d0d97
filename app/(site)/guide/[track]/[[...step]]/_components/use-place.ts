import { useEffect, useRef, useState } from 'react';
import { ApiError, requestJson } from '#lib/client/request.ts';
import type { Membership } from '#lib/guide/storage.ts';

/** Ms after a change: what follows at once is sent with it. */
const PAUSE = 600;
/** Ms before what did not arrive is sent again. */
const AGAIN = 5000;

/** Whether the same request may succeed later: no answer, too many requests, or a server that is not well. */
const mayPass = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);

/**
 * Tells the wall of a class where this walk is: one change after the other, so that one that arrives late cannot undo
 * the one after it.
 * @param place what is sent, as JSON; null: nothing now
 * @param onEnd called if the class is no more
 */
export function usePlace(membership: Membership | null | undefined, place: string | null, onEnd: () => void): void {
  const sent = useRef('');
  const queue = useRef<Promise<void>>(Promise.resolve());
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (!membership || place === null || sent.current === place) return;
    const { id, token } = membership;
    const send = async (): Promise<void> => {
      try {
        await requestJson('PUT', `/api/classes/${id}/members/me`, { token, body: JSON.parse(place) });
        setFailures(0);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) onEnd();
        if (!mayPass(error) || sent.current !== place) return;
        sent.current = '';
        setFailures((before) => before + 1);
      }
    };
    const timer = setTimeout(
      () => {
        sent.current = place;
        queue.current = queue.current.then(send);
      },
      failures === 0 ? PAUSE : AGAIN,
    );
    return () => clearTimeout(timer);
  }, [membership, place, onEnd, failures]);
}
