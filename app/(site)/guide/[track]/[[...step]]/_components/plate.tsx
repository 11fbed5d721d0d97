'use client';

import { Holdings } from '#components/holdings/holdings.tsx';
import { Ruler } from '#components/holdings/ruler.tsx';
import { Wire } from '#components/wire/wire.tsx';
import type { Party, Track, WalkView } from '#lib/guide/types.ts';

interface PlateProps {
  readonly track: Track;
  readonly view: WalkView;
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  readonly awake: boolean;
}

/** Plate 1: the wire, and what each side holds. */
export function Plate({ track, view, makers, awake }: PlateProps) {
  const { wire, holdings } = track.figures;
  return (
    <aside className="plate" aria-label="The wire, and what each side holds">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div className="in" tabIndex={0} role="group" aria-label={wire.title}>
        <section aria-labelledby="plate-1">
          <div className="figh">
            <span className="fign">{wire.numbering}</span>
            <h2 id="plate-1">{wire.title}</h2>
          </div>
          <p className="cap">{wire.caption}</p>
          <Wire wire={withCargo(view)} makers={makers} step={view.step.id} live={awake} />
        </section>
        <section className="holds" aria-labelledby="holds-h">
          <div className="figh">
            <h2 id="holds-h">{holdings.title}</h2>
          </div>
          <Holdings rows={view.holdings} makers={makers} bag={view.bag} caption={holdings.caption} />
          {track.values.code && <Ruler life={view.codeLife} />}
        </section>
      </div>
    </aside>
  );
}

/** The newest exchange is drawn new both ways; the first arrow to come carries what the action says that it would. */
function withCargo({ wire: drawn, action }: WalkView): WalkView['wire'] {
  const newest = drawn.messages.find((message) => message.newest)?.key.replace(/\.response$/, '.request');
  const wire = {
    ...drawn,
    messages: drawn.messages.map((message) => (message.key === newest ? { ...message, newest: true } : message)),
  };
  if (action.kind !== 'send') return wire;
  const first = wire.messages.find(
    (message) => message.step === action.step && message.state === 'next' && message.kind !== 'response',
  );
  if (!first) return wire;
  return {
    ...wire,
    messages: wire.messages.map((message) =>
      message.request === first.request &&
      message.step === first.step &&
      message.state === 'next' &&
      message.kind !== 'response'
        ? { ...message, beads: action.carries }
        : message,
    ),
  };
}
