'use client';

import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { LitValues } from '#components/values/lit.tsx';
import { Prose } from '#components/values/prose.tsx';
import { figureOf } from '#lib/labs/derive/figure.ts';
import { isOver, stopOf, verdictOf } from '#lib/labs/judge.ts';
import { createLab } from '#lib/labs/run.ts';
import type { LabView } from '#lib/server/views/labs.ts';
import { Bar } from './bar.tsx';
import { Eye } from './eye.tsx';
import { framesPage, HerPage } from './her-page.tsx';
import { Home } from './home.tsx';
import { Moments } from './moments.tsx';

/** A lab: the story, the switch and the one action, the moments beside one wire, the server's eye, to take home. */
export function LabPage({ view, origin }: { readonly view: LabView; readonly origin: string }) {
  const { lab, next, total } = view;
  const store = useMemo(() => createLab(lab, { origin, ...(isStill() ? { pause: 0 } : {}) }), [lab, origin]);
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot, store.serverSnapshot);
  useEffect(() => store.wake(), [store]);
  const { position, runs } = snapshot;
  const run = runs[position] ?? null;
  const moments = useMemo(() => figureOf(lab, position, run), [lab, position, run]);
  const figure = useRef<HTMLOListElement>(null);
  // Where a page is framed, it is the page that is to be seen.
  useFollow(figure, framesPage(lab) ? 0 : (run?.next ?? 0));
  return (
    <>
      <LitValues />
      <main id="main" className={`lab def-${position}`}>
        <header className="lab-head">
          <p className="crumb tiny">
            <a href="/lab">All labs</a>
            <span>
              Lab {lab.number} of {total}
            </span>
            <span>{lab.minutes} min</span>
          </p>
          <h1 className="title">
            <i>{lab.number}</i>
            <Prose text={lab.title} />
          </h1>
          <p className="lede">
            <Prose text={lab.lede} />
          </p>
          <p className="lab-aside">
            <Prose text={lab.aside} />
          </p>
          <p className="lab-defence">
            <b>The defence:</b> <Prose text={lab.defence.title} />
            {lab.defence.leavesOut && (
              <>
                {' '}
                (<code>{lab.defence.leavesOut.join(', ')}</code>)
              </>
            )}
            . <b>Off:</b> <Prose text={lab.defence.off.does} /> <b>On:</b> <Prose text={lab.defence.on.does} /> Try the
            attack both ways.
          </p>
        </header>
        <Bar lab={lab} next={next} store={store} snapshot={snapshot} />
        {snapshot.trouble && (
          <p className="lab-trouble" role="alert">
            {snapshot.trouble}
          </p>
        )}
        {framesPage(lab) && <HerPage lab={lab} store={store} snapshot={snapshot} />}
        <Moments lab={lab} moments={moments} run={run} list={figure} />
        <Eye lab={lab} position={position} runs={runs} />
        <Home view={view} seen={snapshot.seen} />
        <nav className="lab-foot ui" aria-label="Labs">
          <a href="/lab">All labs</a>
          {next && (
            <a href={`/lab/${next.id}`}>
              {next.number}. <Prose text={next.title} />
            </a>
          )}
        </nav>
        <p className="vh" role="status">
          {said(moments.length)}
        </p>
      </main>
    </>
  );

  function said(count: number): string {
    if (snapshot.running || !run) return '';
    if (!isOver(lab, run)) {
      const done = moments.filter((one) => one.state === 'done' || one.state === 'passed').length;
      const coming = moments.find((one) => one.state === 'next');
      return `Moment ${done} of ${count} done.${coming ? ` Next: ${coming.moment.title}.` : ''}`;
    }
    const stop = stopOf(lab, run);
    if (verdictOf(lab, run) === 'met') return `Goal met. Stopped by this check: ${stop?.check.says ?? ''}.`;
    return `Goal not met. ${lab.damage.says}`;
  }
}

/** Whether the reader wants nothing to move. */
function isStill(): boolean {
  return typeof window !== 'undefined' && window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Brings the moment that was just played under the bar, if it is not in view. */
function useFollow(list: React.RefObject<HTMLOListElement | null>, next: number): void {
  const before = useRef(0);
  useEffect(() => {
    const from = before.current;
    before.current = next;
    if (next === 0 || next <= from) return;
    const item = list.current?.querySelectorAll<HTMLElement>('li.done, li.passed');
    const last = item?.[item.length - 1];
    if (!last) return;
    const { top, bottom } = last.getBoundingClientRect();
    const isSmall = window.innerWidth <= 860;
    if (top < (isSmall ? 60 : 190) || bottom > window.innerHeight - (isSmall ? 80 : 10))
      last.scrollIntoView({ block: 'center', behavior: 'auto' });
  }, [list, next]);
}
