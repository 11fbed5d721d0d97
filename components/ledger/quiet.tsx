'use client';

import { useEffect, useState } from 'react';
import { spell } from '#lib/live/rows.ts';
import { silenceOf } from '#lib/live/silence.ts';
import type { SilencePoint } from '#lib/live/types.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { Prose } from '../values/prose.tsx';

interface QuietProps {
  readonly points: readonly SilencePoint[];
  readonly exchanges: readonly Exchange[];
  /** Wall ms from which on nothing has come, where nothing ever has. */
  readonly since: number;
  readonly onSelect: (seq: number) => void;
}

/** Silence, drawn: the client's line goes on dotted, with where it stopped and the likeliest reasons in order. */
export function Quiet({ points, exchanges, since, onSelect }: QuietProps) {
  const now = useSeconds();
  const silence = now === null ? null : silenceOf(points, exchanges, since, now);
  if (!silence) return <div className="quiet-none" aria-hidden="true" />;
  const { point, at, seconds, says } = silence;
  return (
    <section className="quiet" aria-labelledby="quiet-h">
      <h3 id="quiet-h">
        Nothing for <span className="num">{spell(seconds)}</span>
      </h3>
      <p className="qs">
        <Prose text={says} />
        {at && (
          <>
            {' '}
            <button type="button" className="link" onClick={() => onSelect(at.seq)}>
              Look at it
            </button>
          </>
        )}
      </p>
      <p className="qs">Likeliest reasons, in order:</p>
      <ol>
        {point.causes.map((cause) => (
          <li key={cause.cause}>
            {cause.cause}{' '}
            <span className="look">
              <b>Look at</b> {lower(cause.look_at)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const lower = (text: string) =>
  /^[A-Z][a-z]/.test(text) && !/^(?:MCP|WWW|JSON)/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** Wall time by the second; null on the server. */
export function useSeconds(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
