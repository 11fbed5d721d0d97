'use client';

import type { Failure as FailureView } from '#lib/guide/types.ts';
import { ClauseLink, Prose } from '../values/prose.tsx';

interface FailureProps {
  readonly failure: FailureView;
  readonly onBack: () => void;
}

/** What went wrong, why, with its clause, and the way back. */
export function Failure({ failure, onBack }: FailureProps) {
  const evidence = Object.entries(failure.evidence ?? {}).filter(
    ([, value]) => typeof value !== 'object' || value === null,
  );
  return (
    <section className="failure fault" aria-label="What went wrong" role="alert">
      <h2>
        <span className="mark" aria-hidden="true">
          ×
        </span>
        {[failure.status, failure.error].filter(Boolean).length > 0 ? (
          <span className="m-code">{[failure.status, failure.error].filter(Boolean).join(' ')}</span>
        ) : (
          'It stopped here'
        )}
      </h2>
      <p className="says">
        <Prose text={failure.says} />{' '}
        {failure.clause && <ClauseLink label={failure.clause.label} url={failure.clause.url} />}
      </p>
      {failure.explain && (
        <p>
          <Prose text={failure.explain} />
        </p>
      )}
      {evidence.length > 0 && (
        <dl>
          {evidence.map(([name, value]) => (
            <div key={name}>
              <dt>{name.replaceAll('_', ' ')}</dt>
              <dd className="m-code">{String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {failure.wayBack.label !== '' && (
        <p className="ex-run">
          <button type="button" className="btn" onClick={onBack}>
            {failure.wayBack.label}
          </button>
        </p>
      )}
    </section>
  );
}
