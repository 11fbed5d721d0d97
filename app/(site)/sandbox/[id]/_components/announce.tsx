'use client';

import { useEffect, useRef, useState } from 'react';
import type { Change, Exchange } from '#lib/exchange/types.ts';
import { changeWords } from '#lib/live/changes.ts';
import { rowWords } from '#lib/live/rows.ts';

/** ms between two announcements: whoever listens hears that something comes, not each of ten a second. */
const RARELY = 8_000;
/** ms after which a live region that has just come is noticed when its text changes. */
const AFTER_IT = 400;

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
    const timer = setTimeout(tell, Math.max(AFTER_IT, told.current.at + RARELY - Date.now()));
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
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!change || change.seq <= first) return;
    const { title, detail } = changeWords(change);
    // What a live region holds when it comes into the page is not read: the words of the first change come after it.
    const timer = setTimeout(() => setSaid([title, detail].filter(Boolean).join(', ')), AFTER_IT);
    return () => clearTimeout(timer);
  }, [change, first]);
  return (
    <p className="vh" role="status">
      {said}
    </p>
  );
}
