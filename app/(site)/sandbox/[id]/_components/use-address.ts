'use client';

import { useCallback, useEffect, useState } from 'react';
import { replaceAddress } from '#components/ui/address.ts';

/** What the fragment of the address points at: `#exchange-38`, `#rule-token.resource`. */
export interface Place {
  readonly exchange: number | null;
  readonly rule: string | null;
}

function placeOf(hash: string): Place {
  const parts = hash.replace(/^#/, '').split('&');
  const exchange = parts.map((part) => /^exchange-(\d+)$/.exec(part)?.[1]).find(Boolean);
  const rule = parts.map((part) => /^rule-([\w.-]+)$/.exec(part)?.[1]).find(Boolean);
  return { exchange: exchange ? Number(exchange) : null, rule: rule ?? null };
}

/** The place that the address names when the page opens, or when somebody changes it; and how to name another. */
export function useAddress(onPlace: (place: Place) => void): { readonly name: (part: string | null) => void } {
  const [told] = useState(() => ({ onPlace }));
  told.onPlace = onPlace;
  useEffect(() => {
    const tell = () => {
      const place = placeOf(window.location.hash);
      if (place.exchange !== null || place.rule !== null) told.onPlace(place);
    };
    tell();
    window.addEventListener('hashchange', tell);
    return () => window.removeEventListener('hashchange', tell);
  }, [told]);
  const name = useCallback((part: string | null) => {
    // A share stays in the address: it is what opens the page.
    const share = window.location.hash
      .slice(1)
      .split('&')
      .find((one) => one.startsWith('share='));
    const hash = [share, part].filter(Boolean).join('&');
    replaceAddress(hash ? `#${hash}` : window.location.pathname);
  }, []);
  return { name };
}
