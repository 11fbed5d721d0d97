'use client';

import { useRef } from 'react';
import type { Disc } from '#lib/labs/classes/wall.ts';

const words = (step: string, { state, minutes, name }: Disc): string => {
  const how =
    state === 'stuck' ? 'stuck: refused twice or more' : state === 'quiet' ? `quiet for ${minutes} minutes` : 'moving';
  return `${name === null ? '' : `${name}, `}${step}, ${how}`;
};

/** The sign of a participant: a disc, a ring, a ring with a cross. */
export function DiscShape({ state }: Pick<Disc, 'state'>) {
  return (
    <>
      <circle cx="14" cy="14" r="12.5" />
      {state === 'stuck' && <path d="m9.5 9.5 9 9M18.5 9.5l-9 9" />}
    </>
  );
}

/** The participants at a step. They are one tab stop; arrows go from one to the next. */
export function Discs({ discs, step }: { readonly discs: readonly Disc[]; readonly step: string }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    const all = [...(list.current?.querySelectorAll<SVGElement>('.disc') ?? [])];
    const next = all[all.indexOf(document.activeElement as unknown as SVGElement) + by];
    if (!next) return;
    event.preventDefault();
    for (const one of all) one.setAttribute('tabindex', one === next ? '0' : '-1');
    next.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the discs in it take the focus, it only moves it
    <div className="ds" ref={list} onKeyDown={onKeyDown}>
      {discs.map((disc, index) => (
        <svg
          // biome-ignore lint/suspicious/noArrayIndexKey: participants have no other name than their place
          key={index}
          className={`disc ${disc.state}`}
          viewBox="0 0 28 28"
          role="img"
          aria-label={words(step, disc)}
          tabIndex={index === 0 ? 0 : -1}
        >
          <title>{words(step, disc)}</title>
          <DiscShape state={disc.state} />
        </svg>
      ))}
    </div>
  );
}
