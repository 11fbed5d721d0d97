'use client';

import { useCallback, useState } from 'react';
import { explain } from '#lib/client/request.ts';

/** Something that the server is asked to do: whether it is under way, and what it said if it refused. */
export function useTask(): {
  readonly busy: boolean;
  readonly trouble: string | null;
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = useCallback(async (work: () => Promise<unknown>) => {
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
