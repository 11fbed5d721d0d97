'use client';

import { CopyWords } from '#components/values/copy.tsx';
import { Icon } from '#components/values/glyph.tsx';
import { ClauseLink, Prose } from '#components/values/prose.tsx';
import { movesLink } from '#lib/labs/levels/link.ts';
import type { RailLevel } from './level-rail.tsx';
import { Squares } from './moves-figure.tsx';
import type { LevelHandle } from './use-level.ts';

interface SolvedProps {
  readonly handle: LevelHandle;
  readonly heading: React.RefObject<HTMLHeadingElement | null>;
}

/** What the level taught, with its clause, once the goal is reached. */
export function Solved({ handle: { level, view, player, snapshot }, heading }: SolvedProps) {
  const { typed, moves } = snapshot.state;
  return (
    <section className="won" aria-labelledby="won">
      <div className="big">
        <h2 id="won" tabIndex={-1} ref={heading}>
          {typed ? 'Seen' : 'Solved'} in {view.requests}, par {level.par}
          <Squares made={view.requests} par={level.par} />
        </h2>
        <p>
          <Prose text={level.teaches} />
        </p>
        <p>
          {level.clauses.map((clause) => (
            <ClauseLink key={clause.id} label={clause.label} url={clause.url} />
          ))}
        </p>
      </div>
      <div className="side">
        <p>
          {typed ? 'The moves were not yours, so it counts as seen. ' : 'Solved levels stay open as reference. '}
          <CopyWords
            className="link"
            text={() => `${location.origin}${location.pathname}${movesLink(moves.map((one) => one.played))}`}
          >
            Copy a link to this run
          </CopyWords>
          , or{' '}
          <button
            type="button"
            className="link"
            disabled={snapshot.busy !== null}
            onClick={() => void player.startOver()}
          >
            play it {typed ? 'yourself' : 'again'}
          </button>
          .
        </p>
      </div>
    </section>
  );
}

/** Fig. 3 of a level that is solved: the solution, beside the moves that were made, and the next level. */
export function Solution({ handle, next }: { readonly handle: LevelHandle; readonly next: RailLevel | null }) {
  const { level, view, snapshot } = handle;
  const same =
    view.rows.length === level.solution.length &&
    snapshot.state.moves.every(({ played }, index) => played.move === level.solution[index]!.move);
  return (
    <section aria-labelledby="fig-3">
      <div className="figh">
        <span className="fign">Fig. 3</span>
        <h2 id="fig-3">The solution</h2>
        <span className="cap">
          {snapshot.state.typed ? 'As it was typed in.' : same ? 'Yours is the same.' : 'One way; yours is another.'}
        </span>
      </div>
      <ol className="sol">
        {level.solution.map((move, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order in which they are made
          <li key={index}>
            <span>
              <Prose text={move.says} bag={view.bag} />
            </span>
          </li>
        ))}
      </ol>
      {next && (
        <div className="act-next">
          <a className="go" href={`/levels/${next.id}`}>
            Level {next.number}: {next.title}
            <kbd>
              <Icon name="right" />
            </kbd>
          </a>
          <p>
            <Prose text={next.says} />
          </p>
        </div>
      )}
    </section>
  );
}
