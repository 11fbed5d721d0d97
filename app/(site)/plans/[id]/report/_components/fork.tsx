import { Lanes } from '#components/ledger/lanes.tsx';
import { type Mark, VerdictMark } from '#components/report/mark.tsx';
import type { Fork as ForkData, PathRow } from '#lib/live/fork.ts';
import '#components/ledger/ledger.css';

interface Side {
  readonly client: string;
  readonly when: string;
  readonly mark: Mark;
}

interface ForkProps {
  readonly scenario: string;
  readonly fork: ForkData;
  readonly before: Side;
  readonly now: Side;
}

/** Where two runs part: what both did in one line, then the first exchange that differs, side by side. */
export function Fork({ scenario, fork, before, now }: ForkProps) {
  const { same, last } = fork;
  return (
    <figure className="fork" aria-label={`Where the runs part in ${scenario}`}>
      <figcaption className="cap">
        <code>{scenario}</code>:{' '}
        {same === 0
          ? 'the first exchange differs'
          : same === 1
            ? 'the first exchange is the same in both'
            : `exchanges 1 to ${same} are the same in both`}
      </figcaption>
      <div className="fork-two">
        <Path side={before} last={last} at={same} row={fork.before} />
        <Path side={now} last={last} at={same} row={fork.now} />
      </div>
      {(fork.onlyBefore.length > 0 || fork.onlyNow.length > 0) && (
        <p className="fork-names">
          <span className="num">{same + 1}</span>{' '}
          {fork.onlyBefore.length > 0 && (
            <>
              only before: <code>{fork.onlyBefore.join(' ')}</code>{' '}
            </>
          )}
          {fork.onlyNow.length > 0 && (
            <>
              only now: <code>{fork.onlyNow.join(' ')}</code>
            </>
          )}
        </p>
      )}
    </figure>
  );
}

function Path({
  side,
  last,
  at,
  row,
}: {
  readonly side: Side;
  readonly last: PathRow | null;
  readonly at: number;
  readonly row: PathRow | null;
}) {
  return (
    <div>
      <p className="fork-who ui">
        <VerdictMark mark={side.mark} /> <b>{side.client}</b> <span className="dim">{side.when}</span>
      </p>
      <ol>
        {last && <Row row={last} number={at} lit={false} />}
        {row ? (
          <Row row={row} number={at + 1} lit />
        ) : (
          <li className="none">
            <span />
            <span className="num">{at + 1}</span>
            <i>nothing more</i>
          </li>
        )}
      </ol>
    </div>
  );
}

function Row({ row, number, lit }: { readonly row: PathRow; readonly number: number; readonly lit: boolean }) {
  const [from, to, request, detail, , status] = row;
  return (
    <li className={lit ? 'lit' : undefined}>
      <Lanes from={from} to={to} answered={status !== null} delivered lit={lit} />
      <span className="num">{number}</span>
      <span>
        <code>{request}</code> <small>{detail}</small>
      </span>
      <span className="m">{status ?? '—'}</span>
    </li>
  );
}
