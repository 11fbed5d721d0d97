import { Lanes, LaneHead } from '#components/ledger/lanes.tsx';
import { VerdictMark } from '#components/report/mark.tsx';
import type { Exchange } from '#lib/exchange/types.ts';
import type { Verdict } from '#lib/live/report.ts';
import { rowWords } from '#lib/live/rows.ts';
import { verbsOf } from '#lib/live/verbs.ts';
import '#components/ledger/ledger.css';

/** The run in verbs: what the client did, exchange by exchange. */
export function RunPlate({
  exchanges,
  verdicts,
}: {
  readonly exchanges: readonly Exchange[];
  readonly verdicts: readonly Verdict[];
}) {
  const markOf = (seq: number) => {
    const decided = verdicts.filter(({ evidence }) => evidence[0]?.seq === seq).map(({ verdict }) => verdict);
    return decided.includes('fail') ? ('fail' as const) : decided.includes('warn') ? ('warn' as const) : null;
  };
  return (
    <figure className="kr-run" aria-labelledby="plate-h">
      <figcaption className="figh" id="plate-h">
        <span className="fign">Plate 1</span> <b>The exchanges that it cites</b>
      </figcaption>
      <div aria-hidden="true">
        <LaneHead />
      </div>
      <ol>
        {exchanges.map((exchange) => {
          const mark = markOf(exchange.seq);
          return (
            <li key={exchange.seq}>
              <Lanes
                from={exchange.from}
                to={exchange.to}
                answered={exchange.response !== null}
                delivered={exchange.delivered}
                lit={mark !== null}
              />
              <span className="no num">{exchange.seq}</span>
              <span className={mark === 'fail' ? 'bad' : undefined}>{verbsOf(exchange)}</span>
              <span className="mks">{mark && <VerdictMark mark={mark} />}</span>
              <span className="m">{rowWords(exchange).status}</span>
            </li>
          );
        })}
      </ol>
    </figure>
  );
}
