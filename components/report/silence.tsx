'use client';

import { markOf, type Report, type Silence as SilenceData } from '#lib/live/report.ts';
import { Prose } from '../values/prose.tsx';
import { VerdictMark } from './mark.tsx';
import './report.css';

const words: readonly (readonly [SilenceData['verdict'], string])[] = [
  ['client-right', 'client right'],
  ['scripted', 'scripted'],
  ['client-wrong', 'client wrong'],
];

interface SilenceProps {
  readonly report: Report;
  readonly silence: SilenceData;
  /** Seconds since the latest exchange. */
  readonly seconds: number;
  readonly onSelect: (seq: number) => void;
  readonly onOpen: (rule: string) => void;
}

/** The client has fallen silent: whose turn it is, why, and which rules that decides. */
export function Silence({ report, silence, seconds, onSelect, onOpen }: SilenceProps) {
  const decides = silence.decides.flatMap((rule) => report.verdicts.find((one) => one.rule === rule) ?? []);
  return (
    <section className="quiet" aria-label="The client is silent">
      <h3>
        Nothing for <span className="num">{Math.round(seconds)}</span> s
      </h3>
      <ul className="whose">
        {silence.verdict === 'yours' ? (
          <li className="is">it waits for you</li>
        ) : (
          words.map(([id, word]) => (
            <li
              key={id}
              className={id === silence.verdict ? `is${id === 'client-wrong' ? ' bad' : ''}` : undefined}
              aria-current={id === silence.verdict || undefined}
            >
              {id === silence.verdict && id !== 'scripted' && (
                <VerdictMark mark={id === 'client-right' ? 'pass' : 'fail'} silent />
              )}
              {word}
            </li>
          ))
        )}
      </ul>
      <p>
        <Prose text={silence.why} />{' '}
        {silence.at !== null && (
          <button type="button" className="link" onClick={() => onSelect(silence.at as number)}>
            Exchange {silence.at}
          </button>
        )}
      </p>
      {silence.verdict === 'client-wrong' && silence.causes && silence.causes.length > 0 && (
        <ol>
          {silence.causes.map(({ cause, look_at }) => (
            <li key={cause}>
              <Prose text={cause} /> {look_at && <Prose text={look_at} />}
            </li>
          ))}
        </ol>
      )}
      {decides.length > 0 && (
        <dl>
          {decides.map((verdict) => (
            <div key={verdict.rule}>
              <dt>
                <VerdictMark mark={markOf(verdict)} />
              </dt>
              <dd>
                <button type="button" className="name" onClick={() => onOpen(verdict.rule)}>
                  <Prose text={verdict.title} />
                </button>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
