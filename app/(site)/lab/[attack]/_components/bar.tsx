'use client';

import { useId } from 'react';
import { Icon, Trip } from '#components/values/glyph.tsx';
import { Prose } from '#components/values/prose.tsx';
import { figureOf, tripOf } from '#lib/labs/derive/figure.ts';
import { isOver } from '#lib/labs/judge.ts';
import type { LabSnapshot, LabStore } from '#lib/labs/run.ts';
import type { Lab, Position } from '#lib/labs/types.ts';
import type { LabView } from '#lib/server/views/labs.ts';
import { GoalMark } from './marks.tsx';

interface BarProps {
  readonly lab: Lab;
  readonly next: LabView['next'];
  readonly store: LabStore;
  readonly snapshot: LabSnapshot;
}

const WORDS: Readonly<Record<Position, string>> = { off: 'Off', on: 'On' };

/** The defence as a switch, what it changes, and the one action. It stays in sight. */
export function Bar({ lab, next, store, snapshot }: BarProps) {
  const name = useId();
  const { position, seen, running } = snapshot;
  const { defence } = lab;
  return (
    <section className="lab-bar" aria-label="The defence, and the next moment">
      <div className="lab-switch">
        <fieldset className="sw">
          <legend className="vh">
            <Prose text={defence.title} />, the defence
          </legend>
          {(['off', 'on'] as const).map((one) => (
            <label key={one}>
              <input
                type="radio"
                name={name}
                value={one}
                checked={position === one}
                disabled={running}
                onChange={() => store.turn(one)}
              />
              <span>{WORDS[one]}</span>
              {seen[one] && <GoalMark met={seen[one] === 'met'} />}
            </label>
          ))}
        </fieldset>
        <h2>
          <Prose text={defence.title} />
          <small>the defence. Try the attack both ways.</small>
        </h2>
      </div>
      <div className="lab-effect">
        {defence.leavesOut && (
          <p className="left-out">
            {defence.leavesOut.map((one) => (
              <b key={one}>
                {position === 'off' && <span className="vh">left out: </span>}
                {one}
              </b>
            ))}
          </p>
        )}
        <p>
          <Prose text={defence[position].does} /> <Knobs lab={lab} position={position} />
        </p>
      </div>
      <div className="lab-go">
        <Go lab={lab} next={next} store={store} snapshot={snapshot} />
      </div>
    </section>
  );
}

/** The knob that the switch turns, and the setting of the lab's own client. */
function Knobs({ lab, position }: Pick<BarProps, 'lab'> & { readonly position: Position }) {
  const { knobs, client = {} } = lab.defence[position];
  const all = [...Object.entries(knobs), ...Object.entries(client).map(([key, value]) => [`client.${key}`, value])];
  return all.map(([key, value]) => (
    <code key={String(key)}>
      {String(key)}={String(value)}
    </code>
  ));
}

function Go({ lab, next, store, snapshot }: BarProps) {
  const { position, runs, seen, running } = snapshot;
  const run = runs[position] ?? null;
  const other: Position = position === 'off' ? 'on' : 'off';
  if (!isOver(lab, run)) {
    const coming = figureOf(lab, position, run).find((one) => one.state === 'next') ?? null;
    const trip = coming && tripOf(lab, coming.moment, position);
    return (
      <>
        <button
          type="button"
          className="go"
          data-action
          aria-busy={running || undefined}
          onClick={() => void store.step()}
        >
          {trip && trip[0] !== trip[1] && <Trip from={trip[0]} to={trip[1]} />}
          <span>
            <Prose text={coming?.moment.title ?? ''} />
          </span>
          {!running && <Enter />}
        </button>
        <button type="button" className="link" disabled={running} onClick={() => void store.toTheEnd()}>
          Run to the end
        </button>
      </>
    );
  }
  const again = (
    <button type="button" className="link" onClick={() => store.again()}>
      Run it again
    </button>
  );
  if (!seen[other])
    return (
      <>
        <button type="button" className="go" data-action onClick={() => store.turn(other)}>
          <span>{other === 'on' ? 'Switch it on, attack again' : 'Switch it off, attack again'}</span>
          <Enter />
        </button>
        {again}
      </>
    );
  return (
    <>
      {next ? (
        <a className="go" href={`/lab/${next.id}`} data-action>
          <span>
            Next lab: <Prose text={next.title} />
          </span>
          <Enter />
        </a>
      ) : (
        <a className="go" href="/lab" data-action>
          <span>All labs</span>
          <Enter />
        </a>
      )}
      {again}
    </>
  );
}

function Enter() {
  return (
    <kbd>
      <Icon name="enter" />
    </kbd>
  );
}
