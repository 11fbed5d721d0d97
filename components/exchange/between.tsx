import type { Exchange } from '#lib/exchange/types.ts';
import { useClauses } from './use-clauses.ts';
import { Glyph } from '../values/glyph.tsx';
import { ClauseLink, Prose } from '../values/prose.tsx';
import { milliseconds } from './milliseconds.ts';

/** What the server looked at, in the order in which it did; the check that failed has a cross. */
export function Between({ exchange, wrong }: { readonly exchange: Exchange; readonly wrong: boolean }) {
  const clauses = useClauses();
  return (
    <div className={`btw ${exchange.to}`}>
      <h3 className="sec">
        <span className={exchange.to}>
          <Glyph hand={exchange.to} />
        </span>
        Between <small>what the server did, {milliseconds(exchange.duration)}</small>
      </h3>
      <ol>
        {exchange.between.map((check, index) => {
          const clause =
            clauses !== null && check.clause && Object.hasOwn(clauses, check.clause)
              ? clauses[check.clause as keyof typeof clauses]
              : undefined;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a record in the order in which it happened
            <li key={index} className={check.ok ? undefined : wrong ? 'no fault' : 'no'}>
              <span>
                {!check.ok && (
                  <b className="mark" aria-hidden="true">
                    ×
                  </b>
                )}
                <Prose text={check.says} />
                {!check.ok && <span className="vh"> (no: refused)</span>}
              </span>
              {clause && <ClauseLink label={clause.label} url={clause.url} />}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
