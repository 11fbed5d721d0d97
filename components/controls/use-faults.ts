'use client';

import { useCallback, useEffect, useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import type { FaultInfo } from '#lib/live/types.ts';

/** The faults of a sandbox; asked for again when `key` changes. */
export function useFaults(
  control: Control | null,
  key: unknown,
): { readonly faults: readonly FaultInfo[]; readonly refresh: () => Promise<void> } {
  const [faults, setFaults] = useState<readonly FaultInfo[]>([]);
  const refresh = useCallback(async () => {
    if (!control) return;
    const told = await control.call<{ faults: FaultInfo[] }>('GET', '/faults').catch(() => null);
    if (told) setFaults(told.faults);
  }, [control]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has happened at the sandbox is a reason to ask again
  useEffect(() => {
    void refresh();
  }, [refresh, key]);
  return { faults, refresh };
}
