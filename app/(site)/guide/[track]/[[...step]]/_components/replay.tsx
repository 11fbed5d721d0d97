'use client';

import { useEffect, useId, useMemo, useState } from 'react';
import { ExchangeFigure } from '#components/exchange/figure.tsx';
import { Holdings } from '#components/holdings/holdings.tsx';
import { replaceAddress } from '#components/ui/address.ts';
import { Wire } from '#components/wire/wire.tsx';
import { derive } from '#lib/guide/derive.ts';
import { momentsOf, stateAt } from '#lib/guide/replay.ts';
import type { Party, Track } from '#lib/guide/types.ts';
import { useSnippets } from './use-snippets.ts';
import type { WalkHandle } from './use-walk.ts';

/** ms that each moment stands while the run plays by itself. */
const PACE = 1600;

interface ReplayProps {
  readonly track: Track;
  readonly walk: WalkHandle;
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  readonly origin: string;
}

/** The run once more, moment by moment: what travelled, and what each side then held. */
export function Replay({ track, walk, makers, origin }: ReplayProps) {
  const { state } = walk.snapshot;
  const moments = useMemo(() => momentsOf(track, state), [track, state]);
  const [at, setAt] = useMoment(moments.length);
  const [plays, setPlays] = useState(false);
  const slider = useId();
  const snippet = useSnippets(moments.length > 0);
  useEffect(() => {
    if (!plays) return;
    if (at >= moments.length) {
      setPlays(false);
      return;
    }
    const timer = setTimeout(() => setAt(at + 1), PACE);
    return () => clearTimeout(timer);
  }, [plays, at, moments.length, setAt]);
  const moment = moments[at - 1];
  const view = useMemo(() => {
    const facts = { state: stateAt(state, moment), running: null, now: moment?.at ?? 0, origin };
    return derive(track, { ...facts, viewing: moment?.step ?? null });
  }, [track, state, moment, origin]);
  if (moments.length === 0) return null;
  const shown = view.exchanges.filter((one) => one.entry.key === moment?.key);
  const save = async () => {
    const { wireSvg } = await import('#components/wire/svg.ts');
    const theme = document.documentElement.dataset.theme;
    const isDark = theme ? theme === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
    const svg = wireSvg({ title: track.title, wire: view.wire, makers, theme: isDark ? 'dark' : 'light' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    link.download = `${track.id}-${at}.svg`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const words = moment ? `${at} of ${moments.length}: ${moment.title}` : 'Before the first request';
  return (
    <section className="replay" aria-labelledby={`${slider}-h`}>
      <div className="figh">
        <h2 id={`${slider}-h`}>The run, moment by moment</h2>
      </div>
      <div className="scrubber">
        <button
          type="button"
          className="btn"
          onClick={() => {
            if (!plays && at >= moments.length) setAt(0);
            setPlays(!plays);
          }}
        >
          {plays ? 'Pause' : 'Play'}
        </button>
        <label className="vh" htmlFor={slider}>
          Moment of the run
        </label>
        <input
          id={slider}
          type="range"
          min={0}
          max={moments.length}
          value={at}
          aria-valuetext={words}
          onChange={(event) => {
            setPlays(false);
            setAt(Number(event.target.value));
          }}
        />
        <output htmlFor={slider} className="ui tiny">
          {words}
        </output>
      </div>
      <div className="replay-in">
        <div className="replay-plate">
          <Wire wire={view.wire} makers={makers} step={moment?.step ?? null} />
          <p className="tiny dim">
            <button type="button" className="link tiny" onClick={() => void save()}>
              Save this figure as SVG
            </button>{' '}
            It holds names and times, and no value of your run.
          </p>
          <Holdings rows={view.holdings} makers={makers} bag={view.bag} caption={track.figures.holdings.caption} />
        </div>
        <div className="replay-exchange">
          {shown.length > 0 ? (
            <ExchangeFigure
              number={`${at} of ${moments.length}`}
              exchanges={shown}
              track={track}
              current={view.bag}
              snippet={snippet}
            />
          ) : (
            <p className="cap">Nothing has travelled yet.</p>
          )}
        </div>
      </div>
    </section>
  );
}

/** The moment that is shown; it stands in the address, so that it can be given to somebody. */
function useMoment(most: number): readonly [number, (at: number) => void] {
  const [at, setAt] = useState(() => fromAddress() ?? most);
  const shown = Math.min(at, most);
  return [
    shown,
    (next) => {
      setAt(next);
      replaceAddress(`#moment-${String(next)}`);
    },
  ];
}

function fromAddress(): number | null {
  const written = typeof window === 'undefined' ? null : /^#moment-(\d{1,4})$/.exec(window.location.hash);
  return written ? Number(written[1]) : null;
}
