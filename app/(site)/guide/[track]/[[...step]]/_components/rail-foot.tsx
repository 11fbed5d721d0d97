'use client';

import { useId } from 'react';
import type { WalkHandle } from './use-walk.ts';

interface RailFootProps {
  readonly walk: WalkHandle;
  /** Begins to present; null: it is presented. */
  readonly onPresent: (() => void) | null;
}

/** Below the rail: who sends, how to present, and the ways to begin again. */
export function RailFoot({ walk, onPresent }: RailFootProps) {
  const { run, view } = walk;
  return (
    <div className="rf">
      <MadeBy walk={walk} />
      {onPresent && (
        <p className="tiny dim restart">
          <button type="button" onClick={onPresent}>
            Present, line by line
          </button>
        </p>
      )}
      {view.done > 0 && !walk.following.on && (
        <p className="tiny dim restart">
          <button type="button" onClick={() => run.restart(view.step.id)}>
            Again from step {view.step.number}
          </button>
          <br />
          <button type="button" onClick={() => run.reset()}>
            Start over, in a new sandbox
          </button>
        </p>
      )}
    </div>
  );
}

/** Whose requests the steps advance by: this page's, or those of a client that the visitor points here. */
export function MadeBy({ walk, narrow = false }: { readonly walk: WalkHandle; readonly narrow?: boolean }) {
  const { on, possible, choose } = walk.following;
  const name = useId();
  const asleep = !walk.snapshot.awake;
  if (!possible) return null;
  return (
    <fieldset className={narrow ? 'made-by narrow' : 'made-by'}>
      <legend className="tiny dim">Requests are made by</legend>
      <label className="ui">
        <input type="radio" name={name} checked={!on} disabled={asleep} onChange={() => choose(false)} /> this page
      </label>
      <label className="ui">
        <input type="radio" name={name} checked={on} disabled={asleep} onChange={() => choose(true)} /> your own client
      </label>
    </fieldset>
  );
}
