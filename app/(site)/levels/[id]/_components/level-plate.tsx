'use client';

import { useMemo } from 'react';
import { Holdings } from '#components/holdings/holdings.tsx';
import { Wire } from '#components/wire/wire.tsx';
import type { LevelHandle } from './use-level.ts';

/** Plate 1: the wire since the start, and what each side holds. */
export function LevelPlate({ handle: { level, view, awake } }: { readonly handle: LevelHandle }) {
  const { wire, holdings } = level.track.figures;
  const makers = useMemo(
    () => Object.fromEntries(Object.values(level.track.values).map((value) => [value.name, value.made_by])),
    [level],
  );
  return (
    <aside className="plate" aria-label="The wire, and what each side holds">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div className="in" tabIndex={0} role="group" aria-label={view.wire.title}>
        <section aria-labelledby="plate-1">
          <div className="figh">
            <span className="fign">{wire.numbering}</span>
            <h2 id="plate-1">The wire since the start</h2>
          </div>
          <p className="cap">Undo takes the last move back, on the server too.</p>
          <Wire wire={view.wire} makers={makers} step={view.band} live={awake} />
        </section>
        <section className="holds" aria-labelledby="holds-h">
          <div className="figh">
            <h2 id="holds-h">{holdings.title}</h2>
          </div>
          <Holdings rows={view.holdings} makers={makers} bag={view.bag} caption={holdings.caption} />
        </section>
      </div>
    </aside>
  );
}
