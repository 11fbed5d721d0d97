import { GlyphShape, handNames } from '#components/values/glyph.tsx';
import type { Party } from '#lib/exchange/types.ts';
import '#components/wire/wire.css';

/** One step of the map: who speaks first to whom. */
export interface MapStep {
  readonly number: number;
  readonly title: string;
  readonly from: Party;
  readonly to: Party;
}

const lane: Readonly<Record<Party, number>> = { you: 30, client: 101, as: 172, mcp: 243 };
const order: readonly Party[] = ['you', 'client', 'as', 'mcp'];
const top = 84;
const pitch = 46;

/**
 * The whole walk in one drawing: what has happened with its answer, the rest as a hint.
 * @param done how many steps have happened
 * @param beads names of the values that the last answer carried, with who made them
 */
export function WalkMap({
  steps,
  done,
  beads,
}: {
  readonly steps: readonly MapStep[];
  readonly done: number;
  readonly beads: readonly { readonly name: string; readonly by: Party }[];
}) {
  const foot = top + pitch * (steps.length - 1) + 30;
  return (
    <>
      <svg className="wire walk-map" viewBox={`0 0 404 ${foot}`} aria-hidden="true">
        {order.map((hand) => (
          <path key={hand} className={`lane ${hand}`} d={`M${lane[hand]} 50V${foot - 2}`} />
        ))}
        {order.map((hand) => (
          <g key={hand} className={hand}>
            <svg
              aria-hidden="true"
              className="hdg"
              x={lane[hand] - 11}
              y="0"
              width="22"
              height="22"
              viewBox="0 0 12 12"
            >
              <GlyphShape hand={hand} />
            </svg>
            <text className="who" x={lane[hand]} y="40" textAnchor="middle">
              {handNames[hand].short}
            </text>
          </g>
        ))}
        {steps.map((step, index) => {
          const y = top + index * pitch;
          const happened = index < done;
          return (
            <g key={step.number}>
              <text className={happened ? 'no cur' : 'no'} x="6" y={y + 5}>
                {step.number}
              </text>
              <text className={happened ? 'nm lit' : 'nm'} x="268" y={y + 5}>
                {step.title}
              </text>
              <Arrow from={step.from} to={step.to} y={happened ? y - 3 : y} state={happened ? 'newest' : 'future'} />
              {happened && <Arrow from={step.to} to={step.from} y={y + 4} state="newest" />}
              {happened &&
                beads.map((bead, at) => (
                  <circle
                    key={bead.name}
                    className={`bead ${bead.by}`}
                    data-v={bead.name}
                    cx={lane[step.from] + 29 - at * 10}
                    cy={y + 4}
                    r="3.6"
                  />
                ))}
            </g>
          );
        })}
      </svg>
      <ol className="vh">
        {steps.map((step, index) => (
          <li key={step.number}>
            {step.title}: {handNames[step.from].long} to {handNames[step.to].long}
            {index < done ? ', has happened' : ''}
          </li>
        ))}
      </ol>
    </>
  );
}

/** A message, that hops over the lifelines between. */
function Arrow({
  from,
  to,
  y,
  state,
}: {
  readonly from: Party;
  readonly to: Party;
  readonly y: number;
  readonly state: 'newest' | 'future';
}) {
  const [start, end] = [lane[from], lane[to]];
  const way = end > start ? 1 : -1;
  const hops = order
    .map((hand) => lane[hand])
    .filter((x) => (x - start) * way > 0 && (end - x) * way > 0)
    .toSorted((a, b) => (a - b) * way);
  const tip = end - way * 2.5;
  const neck = tip - way * (state === 'newest' ? 8 : 6.5);
  const half = state === 'newest' ? 4 : 3.2;
  const bow = `a4.5 4.5 0 0 ${way > 0 ? 1 : 0} ${way * 9} 0`;
  const bows = hops.map((x) => `H${x - way * 4.5}${bow}`).join('');
  return (
    <g className={`ar ${from} ${state}`}>
      <path className="sh" d={`M${start + way * 3} ${y}${bows}H${neck}`} />
      <path className="hd" d={`M${tip} ${y}L${neck} ${y - half}V${y + half}z`} />
    </g>
  );
}
