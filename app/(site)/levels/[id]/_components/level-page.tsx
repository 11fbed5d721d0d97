'use client';

import { useCallback, useEffect, useRef } from 'react';
import { Action } from '#components/action/action.tsx';
import { useEnter } from '#components/action/use-enter.ts';
import { LitValues } from '#components/values/lit.tsx';
import { Prose } from '#components/values/prose.tsx';
import type { Linked } from '#lib/labs/levels/link.ts';
import type { Level } from '#lib/labs/levels/types.ts';
import { GoalFigure } from './goal-figure.tsx';
import { LevelPlate } from './level-plate.tsx';
import { LevelRail, type RailLevel, LevelStrip, Neighbours } from './level-rail.tsx';
import { MovesFigure } from './moves-figure.tsx';
import { NextMove } from './next-move.tsx';
import { Solution, Solved } from './solved.tsx';
import { type LevelHandle, pace, useLevel } from './use-level.ts';

interface LevelPageProps {
  readonly level: Level;
  readonly levels: readonly RailLevel[];
  readonly origin: string;
}

/** A level: rail, goal, moves, the next move; beside them the wire since the start. */
export function LevelPage({ level, levels, origin }: LevelPageProps) {
  const handle = useLevel(level, origin, true);
  const { view } = handle;
  return (
    <div className="page level">
      <LitValues />
      <LevelRail levels={levels} here={level.id} moves={view.rows.length} solved={view.solved} />
      <main className="step" id="main" tabIndex={-1}>
        <LevelStrip levels={levels} here={level.id} />
        <LevelBody handle={handle} next={levels.find((one) => one.number === level.number + 1) ?? null} />
        <Neighbours levels={levels} here={level.id} />
      </main>
      <LevelPlate handle={handle} />
    </div>
  );
}

/** What stands in the middle; the editor shows the same. */
export function LevelBody({ handle, next }: { readonly handle: LevelHandle; readonly next: RailLevel | null }) {
  const { level, view, player, snapshot } = handle;
  const heading = useSolvedFocus(view.solved, handle.awake);
  const send = useCallback(() => void player.send(), [player]);
  useEnter(send);
  const chosen = view.chosen;
  const ready = chosen !== null && view.choices.some((choice) => choice.chosen && choice.waits === null);
  return (
    <>
      <header className="sh">
        <h1 className="title" tabIndex={-1}>
          {level.number > 0 && <i>{level.number}</i>}
          {level.title}
        </h1>
        <p className="lede">
          <Prose text={level.goal.says} bag={view.bag} />
        </p>
        <p className="side">
          <Prose text={`${view.begins} The server judges, not this page.`} />
        </p>
      </header>
      {handle.linked && <MovesOfLink handle={handle} linked={handle.linked} />}
      {view.solved && <Solved handle={handle} heading={heading} />}
      <GoalFigure view={view} />
      <MovesFigure handle={handle} />
      {view.solved ? (
        <Solution handle={handle} next={next} />
      ) : (
        <section aria-labelledby="fig-3">
          <NextMove handle={handle} onSend={send} />
          {chosen && (
            <Action
              from={chosen.from}
              to={chosen.to}
              label={chosen.title}
              note={noteOf(handle)}
              enabled={ready && snapshot.busy === null}
              running={snapshot.busy !== null}
              runningLabel={snapshot.busy ?? undefined}
              waitsFor={waitsFor(handle)}
              onAct={send}
            />
          )}
        </section>
      )}
      {snapshot.trouble && (
        <p className="trouble-bar" role="alert">
          <Prose text={snapshot.trouble} />
        </p>
      )}
      {!view.solved && <Hint handle={handle} />}
      <p className="vh" role="status">
        {statusWords(handle)}
      </p>
    </>
  );
}

/** The focus goes to the result when the level is solved by a move on this page. */
function useSolvedFocus(solved: boolean, awake: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<boolean | null>(null);
  useEffect(() => {
    if (!awake) return;
    if (solved && before.current === false) heading.current?.focus();
    before.current = solved;
  }, [solved, awake]);
  return heading;
}

function noteOf({ view, level }: LevelHandle): string {
  const number = view.rows.length + 1;
  const extra =
    view.chosen?.id === 'authorize'
      ? ' The server answers with its own page, and the next move is yours there.'
      : view.chosen?.step === null
        ? ' The clock is the sandbox’s own. It is no request.'
        : '';
  const not =
    level.forbidden.length === 0
      ? ''
      : ` Not in this level: ${level.forbidden.map((name) => `\`${name.replaceAll('-', ' ')}\``).join(', ')}.`;
  return `Move ${number}.${extra}${not}`;
}

function waitsFor({ view }: LevelHandle): string | undefined {
  const choice = view.choices.find((one) => one.chosen);
  return choice?.waits ? `It ${choice.waits.replace(/^after/, 'comes after')}.` : undefined;
}

function statusWords({ view, snapshot, awake }: LevelHandle): string {
  if (!awake) return '';
  if (snapshot.busy !== null) return snapshot.busy;
  const last = view.rows.at(-1);
  const reached = `${view.reached} of ${view.terms.length} reached.`;
  if (view.solved) return `Solved in ${view.requests}.`;
  return last
    ? `Move ${last.number} made: ${`${last.status} ${last.says}`.replaceAll(/[`{}*]/g, '').trim()}. ${reached}`
    : reached;
}

function Hint({ handle: { level, player, snapshot } }: { readonly handle: LevelHandle }) {
  const { hint } = snapshot.state;
  return (
    <section className="hint" aria-label="Hint">
      <b>Hint</b>
      {hint ? (
        <p>
          <Prose text={level.hint} />
        </p>
      ) : (
        <p>
          <button type="button" className="link" onClick={() => player.showHint()}>
            Show it
          </button>
        </p>
      )}
      <button type="button" className="link" disabled={snapshot.busy !== null} onClick={() => void player.solve(pace)}>
        Type in the solution
      </button>
    </section>
  );
}

/** Moves that came with the address: played only if the reader asks for it. */
function MovesOfLink({ handle, linked }: { readonly handle: LevelHandle; readonly linked: Linked }) {
  const { player, snapshot, forgetLinked } = handle;
  const { moves, refused } = linked;
  if (moves === null)
    return (
      <section className="linked" aria-label="Moves of the link">
        <p role="alert">{refused}</p>
        <button type="button" className="link" onClick={forgetLinked}>
          Play it myself
        </button>
      </section>
    );
  return (
    <section className="linked" aria-label="Moves of the link">
      <p>
        This link brings {moves.length} {moves.length === 1 ? 'move' : 'moves'} of somebody else. They would be played
        in a sandbox of your own, from the start.
      </p>
      <button
        type="button"
        className="btn"
        disabled={snapshot.busy !== null}
        onClick={() => {
          void player.playAll(moves, pace);
          forgetLinked();
        }}
      >
        Play them
      </button>
      <button type="button" className="link" onClick={forgetLinked}>
        No, play it myself
      </button>
    </section>
  );
}
