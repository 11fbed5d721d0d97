'use client';

import { useEffect, useState } from 'react';
import type { CodeLife } from '#lib/guide/types.ts';
import { Glyph } from '../values/glyph.tsx';

const ticks = Array.from({ length: 61 }, (_, index) => index);

/** The code's life as a ruler of sixty ticks that shortens; said aloud at 30, 10 and 0 seconds. */
export function Ruler({ life }: { readonly life: CodeLife }) {
  const left = useSecondsLeft(life);
  const alive = life.state === 'alive';
  const short = alive && left < 10;
  const hand = short ? 'fault' : 'as';
  const says = alive ? 'The code expires in' : life.says;
  return (
    <div className={`life-row ${hand}`}>
      <p className="lr tiny">
        <span className="hand">
          <Glyph hand="as" />
          {says}
        </span>
        {alive && <b className="num hand">{left} s</b>}
      </p>
      {(alive || life.state === 'not_begun') && (
        <svg className="ruler" viewBox="0 0 324 22" aria-hidden="true">
          {alive && <rect className="left" x="0" y="0" width={324 * Math.min(1, left / life.lifetime)} height="4" />}
          {ticks.map((tick) =>
            tick % 2 === 0 ? <path key={tick} d={`M${tick * 5.4} 0v${tick % 10 === 0 ? 8 : 4}`} /> : null,
          )}
          {ticks
            .filter((tick) => tick % 10 === 0)
            .map((tick) => (
              <text key={tick} x={tick * 5.4} y="20" textAnchor={tick === 0 ? 'start' : tick === 60 ? 'end' : 'middle'}>
                {Math.round((tick * life.lifetime) / 60)}
              </text>
            ))}
        </svg>
      )}
      <p className="vh" role="status">
        {life.announce}
      </p>
    </div>
  );
}

/** Counts down by itself between two drawings of the page. */
function useSecondsLeft(life: CodeLife): number {
  const [now, setNow] = useState<number | null>(null);
  const { expires } = life;
  useEffect(() => {
    if (expires === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [expires]);
  if (expires === null || now === null) return life.left ?? 0;
  return Math.max(0, Math.ceil((expires - now) / 1000));
}
