'use client';

import type { Party } from '#lib/exchange/types.ts';
import { Icon, Trip } from '../values/glyph.tsx';
import { Prose } from '../values/prose.tsx';
import './action.css';

interface ActionProps {
  readonly from: Party;
  readonly to: Party;
  readonly label: string;
  readonly note: string;
  readonly enabled: boolean;
  readonly running: boolean;
  /** Said while it runs: "With the authorization server". */
  readonly runningLabel?: string;
  /** Why it is not enabled. */
  readonly waitsFor?: string;
  /** What it carries, in the colours of their makers. */
  readonly carries?: readonly { readonly name: string; readonly by: string }[];
  /** What there is left of time, in words. */
  readonly left?: React.ReactNode;
  readonly onAct: () => void;
}

/** The one primary action: who speaks to whom, what it does, Enter. Always in view. */
export function Action({
  from,
  to,
  label,
  note,
  enabled,
  running,
  runningLabel,
  waitsFor,
  carries = [],
  left,
  onAct,
}: ActionProps) {
  const off = !enabled && !running;
  return (
    <div className="act">
      <button
        type="button"
        className="go"
        aria-busy={running || undefined}
        aria-disabled={off || undefined}
        aria-describedby="act-note"
        data-action
        onClick={() => {
          if (enabled && !running) onAct();
        }}
      >
        {from !== to && <Trip from={from} to={to} />}
        {running ? (runningLabel ?? label) : label}
        {enabled && !running && (
          <kbd>
            <Icon name="enter" />
          </kbd>
        )}
      </button>
      <div className="act-note" id="act-note">
        <p>{off && waitsFor ? <Prose text={waitsFor} /> : <Prose text={note} />}</p>
        {(carries.length > 0 || left) && (
          <p className="carries tiny">
            {carries.length > 0 && (
              <span className="values">
                carries{' '}
                {carries.map((value, index) => (
                  <span key={value.name}>
                    {index > 0 && ', '}
                    <b className={`v ${value.by}`} data-v={value.name}>
                      {value.name}
                    </b>
                  </span>
                ))}
                {left && ' · '}
              </span>
            )}
            {left && <span className="left">{left}</span>}
          </p>
        )}
      </div>
    </div>
  );
}
