'use client';

import { Trip } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import type { LevelView, MoveRow } from '#lib/labs/levels/view.ts';
import type { LevelHandle } from './use-level.ts';

/** A square for each request of par; those over par go on after a gap. */
export function Squares({ made, par }: { readonly made: number; readonly par: number }) {
  const over = Math.min(20, Math.max(0, made - par));
  return (
    <span className="sq" aria-hidden="true">
      {Array.from({ length: par }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: squares have no other name than their place
        <i key={index} className={index < made ? 'd' : undefined} />
      ))}
      {Array.from({ length: over }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: squares have no other name than their place
        <i key={`over-${index}`} className={index === 0 ? 'd gap' : 'd'} />
      ))}
    </span>
  );
}

/** Fig. 2: the moves that were made, from row 0, the start. Only the last can be taken back. */
export function MovesFigure({ handle }: { readonly handle: LevelHandle }) {
  const { view, level, player, snapshot } = handle;
  const idle = snapshot.busy === null;
  return (
    <section aria-labelledby="fig-2">
      <div className="figh">
        <span className="fign">Fig. 2</span>
        <h2 id="fig-2">Your moves</h2>
        <span className="cap">
          {level.par === 1 ? 'One request is enough.' : `${level.par} requests are enough: that is par.`}
        </span>
        <div className="end par num">
          <Squares made={view.requests} par={level.par} />
          <span>
            <b>{view.requests}</b> of par {level.par}
          </span>
          {(view.rows.length > 0 || view.undone) && (
            <button type="button" className="link" disabled={!idle} onClick={() => void player.startOver()}>
              Start over
            </button>
          )}
        </div>
      </div>
      <ol className="mv">
        <li>
          <i>0</i>
          <span className="start">
            The start. <Prose text={view.start} />
          </span>
        </li>
        {view.rows.map((row, index) => (
          <li key={row.number}>
            <Row row={row} view={view} />
            <span className="u">
              {index === view.rows.length - 1 && !view.solved && (
                <button type="button" className="link" disabled={!idle} onClick={() => void player.undo()}>
                  Undo
                </button>
              )}
            </span>
          </li>
        ))}
        {view.undone && !view.solved && (
          <li className="off">
            <Row row={{ ...view.undone, number: 0 }} view={view} />
            <span className="u">
              <button type="button" className="link" disabled={!idle} onClick={() => void player.redo()}>
                Redo
              </button>
            </span>
            <span className="vh">taken back</span>
          </li>
        )}
      </ol>
    </section>
  );
}

function Row({ row, view }: { readonly row: MoveRow; readonly view: LevelView }) {
  return (
    <>
      <i>{row.number || ''}</i>
      {row.isClock ? <span className="trip tiny dim">clock</span> : <Trip from={row.from} to={row.to} />}
      <span className="what">
        {row.method && <b>{row.method} </b>}
        {row.path}{' '}
        <span className="d">
          <Prose text={row.detail} />
        </span>
      </span>
      <span className="an">
        <b>{row.status}</b> <Prose text={row.says} bag={view.bag} />
      </span>
    </>
  );
}
