import { useCallback, useEffect, useState } from 'react';
import { readPresenting, writePresentedClass, writePresenting } from '#lib/guide/storage.ts';

/** Whether the walk is presented in this tab, and how that begins and ends. */
export function usePresenting(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(false);
  useEffect(() => setOn(readPresenting() !== null), []);
  useEffect(() => {
    document.documentElement.toggleAttribute('data-presenting', on);
    return () => document.documentElement.removeAttribute('data-presenting');
  }, [on]);
  const turn = useCallback((wanted: boolean) => {
    writePresenting(wanted ? {} : null);
    writePresentedClass(null);
    setOn(wanted);
  }, []);
  return [on, turn];
}
