import type { ReactNode } from 'react';
import type { Party } from '#lib/exchange/types.ts';
import type { ChangeWords } from '#lib/live/changes.ts';
import { Glyph, handNames } from '../values/glyph.tsx';
import '../wire/wire.css';

/** The four lanes, 28 px apart. */
const lanes: Readonly<Record<Party, number>> = { you: 10, client: 38, as: 66, mcp: 94 };
const order: readonly Party[] = ['you', 'client', 'as', 'mcp'];
export const laneWidth = 108;
/** From above to below a row, however high: the arrows keep their shape in its middle, and what is outside is cut. */
const FAR = '-60V90';

interface LanesProps {
  readonly from: Party;
  readonly to: Party;
  readonly answered: boolean;
  /** False: the answer did not arrive. */
  readonly delivered: boolean;
  readonly lit: boolean;
}

/** One row of the wire: there and back, with a hop over each lane that has no part in it. */
export function Lanes({ from, to, answered, delivered, lit }: LanesProps) {
  return (
    <RowLanes>
      {from !== to && <Arrow from={from} to={to} y={11.5} className={lit ? 'lit' : ''} />}
      {from !== to && answered && (
        <Arrow from={to} to={from} y={18.5} className={`${lit ? 'lit ' : ''}back${delivered ? '' : ' lost'}`} />
      )}
    </RowLanes>
  );
}

/** The lanes of a row, and what is drawn over them. */
function RowLanes({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="wire lanes" viewBox={`0 0 ${laneWidth} 30`} width={laneWidth} height="30" aria-hidden="true">
      {order.map((party) => (
        <path key={party} className={`lane ${party}`} d={`M${lanes[party]} ${FAR}`} />
      ))}
      {children}
    </svg>
  );
}

function Arrow({
  from,
  to,
  y,
  className,
}: {
  readonly from: Party;
  readonly to: Party;
  readonly y: number;
  readonly className: string;
}) {
  const [start, end] = [lanes[from], lanes[to]];
  const direction = end > start ? 1 : -1;
  const tip = end - direction * 2;
  const hops = order
    .map((party) => lanes[party])
    .filter((x) => x > Math.min(start, end) && x < Math.max(start, end))
    .toSorted((a, b) => direction * (a - b));
  const bow = `a3.5 3.5 0 0 ${direction > 0 ? 1 : 0} ${direction * 7} 0`;
  const bows = hops.map((x) => `H${x - direction * 3.5}${bow}`).join('');
  const shaft = `M${start + direction * 2} ${y}${bows}H${tip - direction * 3}`;
  return (
    <g className={`ar ${from} ${className}`}>
      <path className="sh" d={shaft} pathLength="1" />
      <path className="hd" d={`M${tip} ${y}l${-direction * 6} -3v6z`} />
    </g>
  );
}

/** Something that was done to the sandbox: from your lane to what it touches. The clock cuts all lanes. */
export function ChangeLanes({ sign, to }: { readonly sign: ChangeWords['sign']; readonly to: Party }) {
  const end = lanes[to];
  const hops = order.map((party) => lanes[party]).filter((x) => x > lanes.you && x < end);
  const way = `M10 15${hops.map((x) => `H${x - 3.5}a3.5 3.5 0 0 1 7 0`).join('')}H${end - 4.5}`;
  return (
    <RowLanes>
      {sign === 'reset' && <path className="chg" d="M2 13.25H102M2 16.75H102" />}
      {sign === 'clock' && (
        <>
          <path className="chg" d="M10 15H101" />
          {[38, 66, 94].map((x) => (
            <g key={x}>
              <path className="cut" d={`M${x - 5} 15h10`} />
              <path className="chg" d={`M${x - 4.5} 19.5l4 -9M${x + 0.5} 19.5l4 -9`} />
            </g>
          ))}
        </>
      )}
      {sign === 'ring' && (
        <>
          <path className="chg" d={way} />
          <circle className="end" cx={end} cy="15" r="4" />
        </>
      )}
      {sign === 'diamond' && (
        <>
          <path className="chg" d={way} />
          <path className="end" d={`M${end} 10.25l4.75 4.75-4.75 4.75-4.75-4.75z`} />
        </>
      )}
      {sign !== 'reset' && <circle className="dot" cx="10" cy="15" r="4" />}
    </RowLanes>
  );
}

/** The glyphs over the lanes. */
export function LaneHead() {
  return (
    <div className="lanehead">
      {order.map((party) => (
        <span key={party} className={`${party} at-${party}`} title={handNames[party].long}>
          <Glyph hand={party} />
        </span>
      ))}
    </div>
  );
}
