import { Lanes, LaneHead } from '#components/ledger/lanes.tsx';
import { handNames } from '#components/values/glyph.tsx';
import type { RecordedRun } from '#lib/server/views/scenario-runs.ts';
import '#components/ledger/ledger.css';

/** Who sends what in this scenario, as the conforming client was recorded in it; what the scenario does is lit. */
export function WirePlate({ run }: { readonly run: RecordedRun }) {
  return (
    <figure className="scn-wire" aria-labelledby="wire-h">
      <figcaption className="figh">
        <span className="fign">Plate 1</span>
        <h2 id="wire-h">Who sends what</h2>
      </figcaption>
      <p className="cap">A conforming client, as it was recorded in this scenario.</p>
      <div aria-hidden="true">
        <LaneHead />
      </div>
      <ol>
        {run.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order in which it happened
          <li key={index} className={row.acted.length > 0 ? 'bites' : undefined}>
            <Lanes from={row.from} to={row.to} answered={row.status !== null} delivered lit={row.acted.length > 0} />
            <span>
              <span className="vh">
                {handNames[row.from].long} to {handNames[row.to].long}:{' '}
              </span>
              {row.verbs}
              {row.acted.map(({ says, code }) => (
                <small key={`${says} ${code}`}>
                  {says} {code && <code>{code}</code>}
                </small>
              ))}
            </span>
            <span className="m">{row.status ?? '—'}</span>
          </li>
        ))}
      </ol>
      <p className="cap">
        {run.more > 0 && `${run.more} more ${run.more === 1 ? 'exchange follows' : 'exchanges follow'}. `}
        {run.stopped && `${run.more > 0 ? 'Then' : 'Here'} the client stops, and tells its user why.`}
      </p>
    </figure>
  );
}
