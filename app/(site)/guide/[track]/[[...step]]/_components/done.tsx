'use client';

import { useEffect, useMemo, useRef } from 'react';
import { RunChart } from '#components/chart/run-chart.tsx';
import { StepLink } from '#components/rail/step-link.tsx';
import { Prose } from '#components/values/prose.tsx';
import { chartOf } from '#lib/guide/chart.ts';
import type { Party, Track } from '#lib/guide/types.ts';
import { Replay } from './replay.tsx';
import { Tally } from './tally.tsx';
import type { WalkHandle } from './use-walk.ts';

interface DoneProps {
  readonly track: Track;
  readonly walk: WalkHandle;
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  readonly origin: string;
}

/** The page after the last step: the whole run against time, and where to go from here. */
export function Done({ track, walk, makers, origin }: DoneProps) {
  const { snapshot, view, run, hrefOf, open } = walk;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const chart = useMemo(
    () =>
      chartOf(track, { state: snapshot.state, running: null, now: Date.now(), viewing: null, origin }, view.finished),
    [track, snapshot.state, view.finished, origin],
  );
  const sandbox = snapshot.state.sandbox;
  const next = view.steps.find((step) => step.id === view.current);
  return (
    <>
      <header className="sh">
        <h1 className="title" tabIndex={-1} ref={heading}>
          The whole run
        </h1>
        <p className="lede">
          {view.finished ? (
            <Prose text={track.ends_with} />
          ) : (
            <>
              {view.done} of {view.total} steps are done.{' '}
              {next && (
                <StepLink step={next.id} href={hrefOf(next.id)} onOpen={open}>
                  Go on at step {next.number}
                </StepLink>
              )}
            </>
          )}
        </p>
        <p className="side">{chart.closing && <Prose text={chart.closing} />}</p>
      </header>
      <section className="run-plate" aria-labelledby="plate-2">
        <div className="figh">
          <span className="fign">{chart.numbering}</span>
          <h2 id="plate-2">{chart.title}</h2>
        </div>
        <p className="cap">{chart.caption}</p>
        <RunChart chart={chart} makers={makers} />
      </section>
      <Replay track={track} walk={walk} makers={makers} origin={origin} />
      <Tally walk={walk} />
      <section className="from-here" aria-labelledby="from-here">
        <div className="figh">
          <h2 id="from-here">From here</h2>
        </div>
        <ul>
          {sandbox && !snapshot.state.lost && (
            <li>
              <a href={sandbox.inspect_url}>Send your own client the same way</a>
              <span className="soft">
                It gets your sandbox’s address, and every request that it makes is kept and explained.
              </span>
            </li>
          )}
          <li>
            <a href="/guide">All tracks</a>
            <span className="soft">Other ways to a token, and other ways for it to go wrong.</span>
          </li>
          <li>
            <a href="/reference">Reference</a>
            <span className="soft">Endpoints, parameters and errors of the server that you walked through.</span>
          </li>
          <li>
            <button
              type="button"
              onClick={() => {
                run.reset();
              }}
            >
              Walk again, in a new sandbox
            </button>
            <span className="soft">This run and its sandbox are forgotten.</span>
          </li>
        </ul>
      </section>
    </>
  );
}
