'use client';

import { useState } from 'react';
import type { EventLine } from './api.ts';
import { useAsked } from './use-asked.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

/** What happened lately at all instances, asked for again every few seconds unless it is paused. */
export function Events({ token }: { readonly token: string | null }) {
  const [paused, setPaused] = useState(false);
  const { value, problem } = useAsked<{ events: EventLine[] }>(token, '/events', paused ? undefined : 3000);
  const events = value?.events ?? [];
  return (
    <section className="adm-tail" aria-labelledby="adm-events">
      <div className="figh">
        <h2 id="adm-events">Events</h2>
        <span className="cap">{paused ? 'paused' : 'live'}</span>
        <div className="end">
          <button type="button" className="link" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            Pause
          </button>
        </div>
      </div>
      {problem === null ? null : <p className="tiny">{problem}</p>}
      <ol>
        {events.slice(0, 40).map(({ seq, at, says, sandbox }) => (
          <li key={seq}>
            <time dateTime={at}>{timeOfDay(at)}</time>
            <span>
              {says}
              {sandbox === null ? null : (
                <>
                  , <code title={sandbox}>{sandbox === 'default' ? sandbox : `${sandbox.slice(0, 4)}…`}</code>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      {events.length === 0 ? <p className="dim">Nothing yet.</p> : null}
      <p className="cap">Looking inside a sandbox shows its exchanges with secrets masked, and is listed here.</p>
    </section>
  );
}
