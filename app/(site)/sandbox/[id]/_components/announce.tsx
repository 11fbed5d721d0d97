'use client';

import { useEffect, useRef, useState } from 'react';
import type { Change, Exchange } from '#lib/exchange/types.ts';
import { changeWords } from '#lib/live/changes.ts';
import { rowWords } from '#lib/live/rows.ts';

/** ms between two announcements: whoever listens hears that something comes, not each of ten a second. */
const RARELY = 8_000;

/** Says politely, and rarely, what has arrived. */
export function Announce({ exchanges, first }: { readonly exchanges: readonly Exchange[]; readonly first: number }) {
  const [said, setSaid] = useState('');
  const told = useRef({ seq: 0, at: 0 });
  const last = exchanges.at(-1);
  useEffect(() => {
    if (!last || last.seq <= Math.max(first, told.current.seq)) return;
    const tell = () => {
      const since = Math.max(first, told.current.seq);
      const count = exchanges.filter((exchange) => exchange.seq > since).length;
      const { path, status } = rowWords(last);
      told.current = { seq: last.seq, at: Date.now() };
      setSaid(
        `${count === 1 ? 'A new exchange' : `${count} new exchanges, the last`}: ${last.seq}, ` +
          `${last.request.method} ${path}, ${last.response ? status : 'no answer'}`,
      );
    };
    const timer = setTimeout(tell, Math.max(400, told.current.at + RARELY - Date.now()));
    return () => clearTimeout(timer);
  }, [exchanges, last, first]);
  return (
    <p className="vh" role="status">
      {said}
    </p>
  );
}

/**
 * Says politely what was done to the sandbox: its clock, a knob, a fault, a reset.
 * @param first the last entry that stood there when the page opened
 */
export function AnnounceChange({ change, first }: { readonly change: Change | undefined; readonly first: number }) {
  const words = change && change.seq > first ? changeWords(change) : null;
  return (
    <p className="vh" role="status">
      {words && [words.title, words.detail].filter(Boolean).join(', ')}
    </p>
  );
}
