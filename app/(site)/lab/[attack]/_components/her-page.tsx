'use client';

import { useRef, useState } from 'react';
import { Prose } from '#components/values/prose.tsx';
import type { LabSnapshot, LabStore } from '#lib/labs/run.ts';
import type { Lab } from '#lib/labs/types.ts';
import './her-page.css';

interface HerPageProps {
  readonly lab: Lab;
  readonly store: LabStore;
  readonly snapshot: LabSnapshot;
}

/** Where the star lies, from the top of her page, px; the frame is moved until the button is above it. */
const STAR_AT = { top: 112, left: 40 };

/** Where a page is shown: the button to approve, from its top left corner, px; null if the browser shows no page. */
function approveIn(frame: HTMLIFrameElement): { readonly top: number; readonly left: number } | null {
  const button = frame.contentDocument?.querySelector('form.sheet button.go');
  if (!button) return null;
  const { top, left } = button.getBoundingClientRect();
  return { top, left };
}

/**
 * The attacker's page as it is: a game, and above it the real consent page of the lab's sandbox in a real frame. The
 * browser decides whether it shows it. A click in the frame is the reader's own.
 */
export function HerPage({ lab, store, snapshot }: HerPageProps) {
  const { position, runs } = snapshot;
  const run = runs[position] ?? null;
  const framed = run?.done.find((done) => isFramed(lab, done.act));
  const clicks = lab.moments.findIndex((moment) => moment.acts.some((act) => act.act === 'press' && act.framed));
  const address = framed?.exchange?.request.url;
  const path = address === undefined ? null : new URL(address).pathname;
  return (
    <section className="lab-fig her-page" aria-labelledby="her-page">
      <div className="figh">
        <span className="fign">Plate</span>
        <h2 id="her-page">Mallory’s page, in your browser</h2>
      </div>
      <Game
        key={`${position} ${path}`}
        path={path}
        hasClicked={run !== null && run.next > clicks && position === 'off'}
        onClicked={() => {
          if (!snapshot.running && run?.next === clicks) void store.step();
        }}
      />
    </section>
  );
}

interface GameProps {
  /** The consent page that is framed, or null if none is yet. */
  readonly path: string | null;
  readonly hasClicked: boolean;
  readonly onClicked: () => void;
}

function Game({ path, hasClicked, onClicked }: GameProps) {
  const [isSeen, setSeen] = useState(true);
  const [button, setButton] = useState<ReturnType<typeof approveIn>>(null);
  const [loads, setLoads] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  const onLoad = () => {
    setLoads(loads + 1);
    if (loads === 0) setButton(frame.current && approveIn(frame.current));
    // The second page is where the form led: the click has landed. A browser that shows none has sent nothing.
    else if (button !== null) onClicked();
  };
  const isRefused = loads > 0 && button === null;
  const state = hasClicked ? 'clicked' : path === null ? 'empty' : isRefused ? 'refused' : 'shown';
  return (
    <>
      <div className="game">
        <p className="game-text">
          <b>Win a lamp!</b> Click the star.
        </p>
        <span className="star" style={STAR_AT} aria-hidden="true">
          ★
        </span>
        {path !== null && !hasClicked && (
          <iframe
            ref={frame}
            title="The consent page, in a frame of Mallory’s page"
            // It may send its form, and not lead this page away.
            sandbox="allow-forms allow-same-origin allow-scripts"
            src={path}
            onLoad={onLoad}
            className={isRefused ? 'refused' : isSeen ? 'seen' : undefined}
            style={
              button && !isRefused
                ? { top: STAR_AT.top - button.top - 4, left: STAR_AT.left - button.left - 8 }
                : undefined
            }
          />
        )}
      </div>
      <div className="beside">
        <p className="says">
          <Prose text={WORDS[state]} />
        </p>
        {state === 'shown' && (
          <button type="button" className="btn" aria-pressed={!isSeen} onClick={() => setSeen(!isSeen)}>
            Opacity 0, as she has it
          </button>
        )}
      </div>
    </>
  );
}

const WORDS = {
  empty: 'Only the game so far. *Frame the consent page* lays the real one above it.',
  shown:
    'The browser shows the consent page above the star. She has it at opacity 0; here it is drawn half visible, so ' +
    'that you see it. Click the star yourself, or press *Click the star* above.',
  refused:
    "The browser refuses to show the page: its answer says `frame-ancestors 'none'`. There is nothing to click on.",
  clicked: 'The click landed on *Approve*. The redirect, with the code in it, went to her client.',
} as const;

const isFramed = (lab: Lab, id: string): boolean =>
  lab.moments.some((moment) => moment.acts.some((act) => act.id === id && act.act === 'page' && act.framed));

/** Whether a lab frames a page. */
export const framesPage = (lab: Lab): boolean =>
  lab.moments.some((moment) => moment.acts.some((act) => act.act === 'page' && act.framed));
