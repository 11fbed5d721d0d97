'use client';

import { useEffect, useState } from 'react';
import { type TokenReading as Reading, readToken } from '#lib/live/token.ts';
import { VerdictMark } from '../report/mark.tsx';
import { Prose } from '../values/prose.tsx';

interface TokenReadingProps {
  readonly token: string;
  readonly issuer: string;
  /** ms of the clock of the sandbox from the wall's. */
  readonly offset: number;
}

/** A token, decoded and verified against the keys of this sandbox, at the time of its clock. */
export default function TokenReading({ token, issuer, offset }: TokenReadingProps) {
  const [reading, setReading] = useState<Reading | null>(null);
  useEffect(() => {
    let alive = true;
    void readToken(token, { issuer, now: Date.now() + offset }).then((read) => {
      if (alive) setReading(read);
    });
    return () => {
      alive = false;
    };
  }, [token, issuer, offset]);
  if (!reading)
    return (
      <p className="token-read cap" role="status">
        Reading it.
      </p>
    );
  return (
    <div className="token-read">
      <p className="token-says">
        <VerdictMark mark={reading.ok === null ? 'unseen' : reading.ok ? 'pass' : 'fail'} silent />{' '}
        <Prose text={reading.says} />
      </p>
      {reading.checks.length > 0 && (
        <ul>
          {reading.checks.map((check) => (
            <li key={check.says}>
              <VerdictMark mark={check.ok ? 'pass' : 'fail'} /> <Prose text={check.says} />
            </li>
          ))}
        </ul>
      )}
      {reading.parts.map((part) => (
        <dl key={part.title}>
          <dt>{part.title}</dt>
          {part.members.map(([name, value, says]) => (
            <dd key={name}>
              <code className="k">{name}</code> <code className="c">{value}</code>
              {says && <small>{says}</small>}
            </dd>
          ))}
        </dl>
      ))}
    </div>
  );
}
