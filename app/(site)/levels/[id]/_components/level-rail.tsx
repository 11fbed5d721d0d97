'use client';

import { Icon } from '#components/values/glyph.tsx';
import '#components/rail/rail.css';
import { resultWords, useLevels } from '../../_components/use-levels.ts';

/** A level, as far as the others link to it. */
export interface RailLevel {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly par: number;
  readonly says: string;
}

interface RailProps {
  readonly levels: readonly RailLevel[];
  readonly here: string;
  /** Moves that were made in this one. */
  readonly moves: number;
  readonly solved: boolean;
}

/** All levels, how each ended, and where one is. */
export function LevelRail({ levels, here, moves, solved }: RailProps) {
  const results = useLevels();
  const done = levels.filter(({ id }) => results[id]?.requests != null).length;
  return (
    <nav className="rail" aria-label="Levels">
      <div className="rh">
        <a className="tiny dim" href="/guide">
          All tracks
        </a>
        <h2>
          <a href="/levels">Levels</a>
        </h2>
        <p className="tiny dim num">
          {done} of {levels.length} solved
        </p>
      </div>
      <ol>
        {levels.map((level) => {
          const result = results[level.id];
          const isHere = level.id === here;
          const words =
            isHere && !solved && moves > 0
              ? `${moves} ${moves === 1 ? 'move' : 'moves'}, par ${level.par}`
              : resultWords(result, level.par);
          const state = isHere ? 's-now' : result?.requests != null ? 's-done' : 's-open';
          return (
            <li key={level.id} className={state}>
              <a href={`/levels/${level.id}`} aria-current={isHere ? 'page' : undefined}>
                <i>{level.number}</i>
                <span className="t">{level.title}</span>
                <span className="r num">{words}</span>
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** The same on narrow screens: a strip, with the neighbours at its ends. */
export function LevelStrip({ levels, here }: Pick<RailProps, 'levels' | 'here'>) {
  const results = useLevels();
  const at = levels.findIndex(({ id }) => id === here);
  const before = levels[at - 1];
  const after = levels[at + 1];
  return (
    <nav className="strip lv" aria-label="Levels, folded">
      <ol aria-hidden="true">
        {levels.map(({ id }) => (
          <li key={id} className={id === here ? 'n' : results[id]?.requests != null ? 'd' : undefined} />
        ))}
      </ol>
      <p className="ui">
        {before ? (
          <a href={`/levels/${before.id}`} aria-label={`Level ${before.number}, ${before.title}`}>
            <Icon name="left" />
          </a>
        ) : (
          <span />
        )}
        <a className="all" href="/levels">
          Level {at + 1} of {levels.length}
        </a>
        {after ? (
          <a href={`/levels/${after.id}`} aria-label={`Level ${after.number}, ${after.title}`}>
            <Icon name="right" />
          </a>
        ) : (
          <span />
        )}
      </p>
    </nav>
  );
}

/** The level before and the level after. */
export function Neighbours({ levels, here }: Pick<RailProps, 'levels' | 'here'>) {
  const at = levels.findIndex(({ id }) => id === here);
  const link = (level: RailLevel | undefined) =>
    level ? (
      <a href={`/levels/${level.id}`}>
        {level.number}. {level.title}
      </a>
    ) : (
      <span />
    );
  return (
    <nav className="next ui" aria-label="Previous and next level">
      {link(levels[at - 1])}
      {link(levels[at + 1])}
    </nav>
  );
}
