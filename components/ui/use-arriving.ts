'use client';

import { startTransition, useEffect, useState } from 'react';

/** What changes by itself: a run, the ledger of a sandbox. */
export interface Arriving<T> {
  readonly snapshot: () => T;
  /** @param listener told whether the reader made the change @returns ends it */
  readonly subscribe: (listener: (isOwn?: boolean) => void) => () => void;
}

/**
 * What a store holds. What arrives is drawn in pieces, between which the browser hears the reader: as a transition of
 * React, so that no answer holds the page up. What the reader has typed or chosen is drawn at once, and with it all
 * that has arrived: a field that shows for a moment what it was before would take back what was typed.
 * `useSyncExternalStore` draws everything without a break.
 */
export function useArriving<T>(store: Arriving<T>): T {
  const [seen, setSeen] = useState(() => ({ store, value: store.snapshot() }));
  useEffect(() => {
    const look = (isOwn = false) => {
      const draw = () => setSeen({ store, value: store.snapshot() });
      if (isOwn) draw();
      else startTransition(draw);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return seen.store === store ? seen.value : store.snapshot();
}
