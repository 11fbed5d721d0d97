'use client';

import { startTransition, useEffect, useState } from 'react';

/** Read once for a page, however many parts of it ask. */
const asked = new Map<string, Promise<unknown>>();

/**
 * Data of our own that a page reads when it needs it.
 * @param address null: not needed yet
 * @returns null until it has arrived
 */
export function useJson<T>(address: string | null): T | null {
  const [read, setRead] = useState<T | null>(null);
  useEffect(() => {
    if (address === null) return;
    let alive = true;
    const promise =
      asked.get(address) ?? fetch(address, { headers: { Accept: 'application/json' } }).then((answer) => answer.json());
    asked.set(address, promise);
    promise.then(
      (value) => alive && startTransition(() => setRead(value as T)),
      () => asked.delete(address),
    );
    return () => {
      alive = false;
    };
  }, [address]);
  return read;
}
