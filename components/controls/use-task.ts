'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { explain } from '#lib/client/request.ts';

/** Something that the server is asked to do: whether it is under way, and what it said if it refused. */
export function useTask(): {
  readonly busy: boolean;
  readonly trouble: string | null;
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const pressed = useRef<Element | null>(null);
  // What was pressed is disabled meanwhile, and loses the focus: it gets it back, unless the reader has gone on.
  useEffect(() => {
    if (busy || pressed.current === null) return;
    if (pressed.current instanceof HTMLElement && document.activeElement === document.body)
      pressed.current.focus({ preventScroll: true });
    pressed.current = null;
  }, [busy]);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    pressed.current = document.activeElement;
    setBusy(true);
    setTrouble(null);
    try {
      await work();
      return true;
    } catch (error) {
      setTrouble(explain(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, trouble, run };
}
