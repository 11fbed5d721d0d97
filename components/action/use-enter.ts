'use client';

import { useEffect, useLayoutEffect } from 'react';

/**
 * Enter does the primary action wherever it has no meaning of its own.
 * Not in fields, links, buttons; there it does what it always does.
 */
export function useEnter(act: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.key !== 'Enter' ||
        event.defaultPrevented ||
        event.repeat ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.shiftKey ||
        event.isComposing
      )
        return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest('a,button,input,select,textarea,summary,[contenteditable],[role=tab]')) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [act]);
}

/**
 * A button that is pressed while the scripts of the page are on their way does its work once they have come.
 * `public/theme.js` keeps the press; it is told when React listens, and when the run has been read from storage.
 * @param awake whether the run has been read
 */
export function useEarlyPress(awake: boolean) {
  useLayoutEffect(() => {
    document.dispatchEvent(new Event('authwalk:listening'));
  }, []);
  useEffect(() => {
    if (awake) document.dispatchEvent(new Event('authwalk:awake'));
  }, [awake]);
}
