'use client';

import { useState } from 'react';
import type { Control } from '#lib/client/control.ts';
import type { SandboxInfo } from '#lib/live/types.ts';
import { useSeconds } from '../ledger/use-seconds.ts';
import { clockWords } from './clock-words.ts';
import { Trouble } from './trouble.tsx';
import { useTask } from './use-task.ts';

interface ClockProps {
  readonly info: SandboxInfo;
  readonly control: Control;
  readonly onChange: () => void;
}

/** The sandbox's clock: everything that has a lifetime goes by it. */
export function Clock({ info, control, onChange }: ClockProps) {
  const { busy, trouble, run } = useTask();
  const [to, setTo] = useState('');
  const wall = useSeconds();
  const [read] = useState(() => Date.now());
  const send = (body: unknown) =>
    run(async () => {
      await control.call('POST', '/clock', body);
      onChange();
    });
  const protocol = info.clock.frozen ? Date.parse(info.clock.now) : (wall ?? read) + info.clock.offset * 1000;
  return (
    <div className="stage-part">
      <p className="say">
        Codes, tokens, sessions and keys expire by this clock, at both servers. How long the sandbox itself is kept goes
        by real time.
      </p>
      <p className="clock-face">
        <time className="num" dateTime={new Date(protocol).toISOString()} suppressHydrationWarning>
          {new Date(protocol).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })}
        </time>{' '}
        <span className="soft ui">{clockWords(info.clock)}</span>
      </p>
      <fieldset className="row-of" disabled={busy}>
        <legend className="tiny dim">Advance by</legend>
        {[
          [60, '1 min'],
          [600, '10 min'],
          [3600, '1 h'],
          [86_400, '1 day'],
          [1_209_600, '14 days'],
        ].map(([advance, label]) => (
          <button
            key={advance}
            type="button"
            className="btn"
            onClick={() => {
              void send({ advance });
            }}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <fieldset className="row-of" disabled={busy}>
        <legend className="tiny dim">Or</legend>
        <button
          type="button"
          className="btn"
          onClick={() => {
            void send({ freeze: !info.clock.frozen });
          }}
        >
          {info.clock.frozen ? 'Resume' : 'Freeze'}
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => {
            void send({ reset: true });
          }}
        >
          Back to now
        </button>
      </fieldset>
      <form
        className="row-of"
        onSubmit={(event) => {
          event.preventDefault();
          if (to) void send({ set: new Date(to).toISOString() });
        }}
      >
        <label className="ui">
          <span className="tiny dim">Set it to</span>
          <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
        <button type="submit" className="btn" disabled={busy || to === ''}>
          Set
        </button>
      </form>
      <Trouble says={trouble} />
    </div>
  );
}
