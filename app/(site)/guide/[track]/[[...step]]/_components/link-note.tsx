import { useEffect, useState } from 'react';
import { refusalOf } from '#lib/guide/frozen.ts';
import type { Step } from '#lib/guide/types.ts';

/** Says why the state that the address brings is not taken, or not all of it. */
export function LinkNote({ step }: { readonly step: Step }) {
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => {
    const look = () => setRefused(refusalOf(window.location.hash, step));
    look();
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [step]);
  if (refused === null) return null;
  return (
    <p className="trouble-bar" role="alert">
      {refused}
    </p>
  );
}
