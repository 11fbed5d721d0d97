'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useEnter } from '#components/action/use-enter.ts';
import { useWall } from '#components/classes/use-wall.ts';
import { Confirm } from '#components/ui/confirm.tsx';
import { CopyWords } from '#components/values/copy.tsx';
import { writePresentedClass, writePresenting } from '#lib/guide/storage.ts';
import { countWords, type Disc, discsOf, fullest } from '#lib/labs/classes/wall.ts';
import { DiscShape, Discs } from './discs.tsx';
import { Guesses } from './guesses.tsx';
import { Qr } from './qr.tsx';
import { Stuck } from './stuck.tsx';
import type { ReasonWords, WallTrack } from './words.ts';

interface WallPageProps {
  readonly id: string;
  readonly track: WallTrack;
  readonly reasons: Readonly<Record<string, ReasonWords>>;
  readonly origin: string;
}

/** The sign of the key Enter. */
function EnterSign() {
  return (
    <kbd>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M13 3.5v4.5a1.5 1.5 0 0 1-1.5 1.5H3.5M6 6.5l-3 3 3 3" />
      </svg>
    </kbd>
  );
}

const KEY = [
  ['moving', 'moving'],
  ['quiet', 'quiet for 3 minutes'],
  ['stuck', 'refused twice or more'],
] as const;

/** The wall: a disc for each participant, a column for each step. Nobody has a row, so nobody is ranked. */
export function WallPage({ id, track, reasons, origin }: WallPageProps) {
  const handle = useWall(id);
  const { wall, now, trouble, ended, change, end } = handle;
  const [folded, setFolded] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const [asking, setAsking] = useState(false);
  const columns = useMemo((): Disc[][] => {
    const steps = [...track.steps.map((step) => step.id), 'done'];
    return wall ? discsOf(wall, steps, now) : steps.map(() => []);
  }, [wall, now, track]);
  const here = columns.flat().length;
  const most = fullest(columns.slice(0, track.steps.length));
  const presented = track.steps[most]!.id;
  const present = useCallback(() => {
    writePresenting({});
    writePresentedClass(id);
    window.location.assign(`/guide/${track.id}/${presented}`);
  }, [id, track.id, presented]);
  const canPresent = wall !== null && !ended && !asking;
  useEnter(useCallback(() => canPresent && present(), [canPresent, present]));
  const address = `${origin}/c/${id}`;
  if (ended)
    return (
      <main id="main" className="sheet-page" tabIndex={-1}>
        <h1 className="title">The class has ended</h1>
        <p className="lede">
          Nothing of it is kept. Its participants’ sandboxes are their own, and go on.{' '}
          <a href="/class">Begin another</a>.
        </p>
      </main>
    );
  return (
    <main className="pg class-wall" id="main" tabIndex={-1}>
      <header className="join">
        <div>
          <p className="kick num">
            <a href={`/guide/${track.id}`}>{track.title}</a>
            {wall && (
              <span suppressHydrationWarning>
                {minutesSince(wall.created_at, now)} min, begun{' '}
                {new Date(wall.created_at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
              </span>
            )}
          </p>
          {folded ? (
            <h1>
              <small>Class</small>
              {id}
            </h1>
          ) : (
            <>
              <h1>
                <small>Join at</small>
                <span className="h">{origin.replace(/^https?:\/\//, '')}</span>
                <wbr />
                <span className="id">/c/{id}</span>
              </h1>
              <p className="say">
                No account and nothing to install. Each of you gets a sandbox of your own. This wall shows steps and
                refusals, never a token, or what you typed, and no name that you did not give.
              </p>
            </>
          )}
          <div className="btns">
            <CopyWords text={() => address}>Copy the link</CopyWords>
            <button type="button" className="btn" aria-pressed={folded} onClick={() => setFolded(!folded)}>
              {folded ? 'Show the address' : 'Fold the address away'}
            </button>
            <button type="button" className="btn" disabled={!wall} onClick={() => void change({ open: !wall?.open })}>
              {wall && !wall.open ? 'Open the door again' : 'Close the door to new ones'}
            </button>
          </div>
        </div>
        {!folded && <Qr text={address} />}
      </header>
      {trouble && (
        <p role="alert" className="trouble">
          {trouble}
        </p>
      )}
      <section className="wall" aria-labelledby="wall-h">
        <div className="figh">
          <span className="fign">Plate 1</span>
          <h2 id="wall-h" ref={heading} tabIndex={-1}>
            {here} here, and where they are
          </h2>
          <div className="key">
            {KEY.map(([state, words]) => (
              <span key={state}>
                <svg className={`disc ${state}`} viewBox="0 0 28 28" aria-hidden="true">
                  <DiscShape state={state} />
                </svg>
                {words}
              </span>
            ))}
          </div>
        </div>
        {wall?.frozen && (
          <p className="frozen" role="status">
            <b>All clocks are stopped.</b> Each page stops the clock of its own sandbox within seconds: no code and no
            token expires.{' '}
            <button
              type="button"
              className="btn"
              onClick={() => {
                void change({ frozen: false });
                heading.current?.focus();
              }}
            >
              Let them run
            </button>
          </p>
        )}
        <ol className="cols9" style={{ '--columns': columns.length } as React.CSSProperties}>
          {columns.map((discs, index) => {
            const step = track.steps[index];
            const stuck = discs.filter((disc) => disc.state === 'stuck').length;
            return (
              <li key={step?.id ?? 'done'} className="col">
                <Discs discs={discs} step={step ? `step ${index + 1}` : 'the whole run'} />
                <div className="ft">
                  <h3>
                    {step && <i>{index + 1}</i>}
                    {step?.title ?? 'The whole run'}
                  </h3>
                  <p className={discs.length === 0 ? 'n num z' : 'n num'}>
                    {discs.length}
                    {stuck > 0 && <small>{stuck} stuck</small>}
                  </p>
                </div>
              </li>
            );
          })}
        </ol>
      </section>
      {wall && (
        <div className="low">
          <Stuck wall={wall} change={change} columns={columns} track={track} reasons={reasons} />
          <Guesses handle={handle} track={track} />
        </div>
      )}
      <div className="actrow">
        <button type="button" className="go" disabled={!wall} onClick={present}>
          Present step {most + 1} to all <EnterSign />
        </button>
        <p>
          Your lines, one by one, and the guesses of the class as they come. Their pages stay where they are, and a line
          above them says what you show. The class ends by itself 12 hours after it began; leaving this page ends
          nothing.
        </p>
        <button type="button" className="link" onClick={() => setAsking(true)}>
          End the class
        </button>
      </div>
      {asking && (
        <Confirm
          title="End the class?"
          action="End it"
          onConfirm={() => {
            setAsking(false);
            void end();
          }}
          onClose={() => setAsking(false)}
        >
          The wall and what it knows go. The sandboxes of the participants stay theirs.
        </Confirm>
      )}
      <Announce words={wall ? countWords(columns) : ''} />
    </main>
  );
}

/** Whole minutes from a time in ISO form until now (ms). */
const minutesSince = (time: string, now: number): number => Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));

/** Ms between two announcements: counts only, and not at each change. */
const ANNOUNCE = 10_000;

function Announce({ words }: { readonly words: string }) {
  const [said, setSaid] = useState('');
  const latest = useRef(words);
  latest.current = words;
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), ANNOUNCE);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="vh" role="status">
      {said}
    </p>
  );
}
