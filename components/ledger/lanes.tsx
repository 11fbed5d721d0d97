import type { Party } from '#lib/exchange/types.ts';
import { Glyph, handNames } from '../values/glyph.tsx';
import '../wire/wire.css';

/** The four lanes, 28 px apart. */
const lanes: Readonly<Record<Party, number>> = { you: 10, client: 38, as: 66, mcp: 94 };
const order: readonly Party[] = ['you', 'client', 'as', 'mcp'];
export const laneWidth = 108;

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
    <svg className="wire lanes" viewBox={`0 0 ${laneWidth} 30`} width={laneWidth} height="30" aria-hidden="true">
      {order.map((party) => (
        <path key={party} className={`lane ${party}`} d={`M${lanes[party]} 0V30`} />
      ))}
      {from !== to && <Arrow from={from} to={to} y={11.5} className={lit ? 'lit' : ''} />}
      {from !== to && answered && (
        <Arrow from={to} to={from} y={18.5} className={`${lit ? 'lit ' : ''}back${delivered ? '' : ' lost'}`} />
      )}
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
  const shaft = `M${start + direction * 2} ${y}${hops.map((x) => `H${x - direction * 3.5}a3.5 3.5 0 0 ${direction > 0 ? 1 : 0} ${direction * 7} 0`).join('')}H${tip - direction * 3}`;
  return (
    <g className={`ar ${from} ${className}`}>
      <path className="sh" d={shaft} pathLength="1" />
      <path className="hd" d={`M${tip} ${y}l${-direction * 6} -3v6z`} />
    </g>
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
