import { GlyphShape, handNames } from '#components/values/glyph.tsx';
import type { BarPiece, MomentState } from '#lib/labs/derive/figure.ts';
import type { Arrow } from '#lib/labs/derive/row.ts';
import type { Hand } from '#lib/labs/types.ts';

/** Where the lanes stand, in a drawing 376 units wide. Hers is outside the plate. */
export const WIDTH = 376;
export const LANES: Readonly<Record<Hand, number>> = { attacker: 26, you: 114, client: 194, as: 274, mcp: 350 };
export const HANDS: readonly Hand[] = ['attacker', 'you', 'client', 'as', 'mcp'];

const share = (x: number): string => `${(x / WIDTH) * 100}%`;

/** The glyphs at the head of the lanes. */
export function Heads({ attackerIs }: { readonly attackerIs: string | null }) {
  return (
    <div className="lane-heads" aria-hidden="true">
      {HANDS.map((hand) => (
        <span key={hand} className={hand} style={{ left: share(LANES[hand]) }}>
          <svg viewBox="0 0 12 12" className="gl" aria-hidden="true">
            <GlyphShape hand={hand} />
          </svg>
          {handNames[hand].short}
          {hand === 'attacker' && attackerIs && <small>{attackerIs}</small>}
        </span>
      ))}
    </div>
  );
}

/** The lanes of one moment: drawn as high as its text. */
export function Lanes() {
  return (
    <div className="lanes" aria-hidden="true">
      {HANDS.map((hand) => (
        <i key={hand} className={hand} style={{ left: share(LANES[hand]) }} />
      ))}
    </div>
  );
}

function classOf({ by, gone, from, to }: BarPiece): string {
  const names = ['bar', by, gone && 'gone', from !== null && 'born-here', to !== null && 'ends-here'];
  return names.filter(Boolean).join(' ');
}

/** What is held, on the lane of whoever holds it. */
export function Bars({ bars, rows }: { readonly bars: readonly BarPiece[]; readonly rows: number }) {
  return bars.map((bar) => {
    const from = bar.from === null ? 1 : bar.from + 2;
    const to = bar.to === null ? Math.max(1, rows) + 3 : bar.to + 2;
    return (
      <i
        key={`${bar.lane}-${from}-${to}`}
        className={classOf(bar)}
        style={
          {
            '--x': share(LANES[bar.lane]),
            '--xn': LANES[bar.lane] / WIDTH,
            '--from': from,
            '--to': bar.to === null ? to : to + 1,
          } as React.CSSProperties
        }
        aria-hidden="true"
      />
    );
  });
}

interface ArrowProps {
  readonly arrow: Arrow;
  readonly row: number;
  readonly state: MomentState;
}

/** Height of the drawing of one arrow, and where its shaft lies in it: half of a line of text. */
const HEIGHT = 20;
const Y = 10;

/** One message, with hops over the lanes that it does not touch. Her strokes are double. */
export function ArrowDrawing({ arrow, row, state }: ArrowProps) {
  return (
    <svg
      className={`wire arrow-row ${state}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      style={{ '--r': row } as React.CSSProperties}
      aria-hidden="true"
    >
      <ArrowShape arrow={arrow} y={Y} state={state} />
    </svg>
  );
}

/** The shape alone, for a figure that has several. */
export function ArrowShape({
  arrow,
  y,
  state,
}: {
  readonly arrow: Pick<Arrow, 'from' | 'to' | 'kind' | 'label' | 'status' | 'beads' | 'stop' | 'failed'>;
  readonly y: number;
  readonly state: MomentState;
}) {
  const { from, to, kind, label, status, beads, stop, failed } = arrow;
  const [start, end] = [LANES[from], LANES[to]];
  const direction = end >= start ? 1 : -1;
  // Where the defence stops it, the head ends before the bar across.
  const tip = end - direction * (stop ? 7 : 3);
  const neck = tip - direction * 7;
  const hops = HANDS.map((hand) => LANES[hand])
    .filter((x) => x > Math.min(start, end) && x < Math.max(start, end))
    .sort((a, b) => direction * (a - b));
  const shaft = `M${start + direction * 3} ${y}${hops
    .map((x) => `H${x - direction * 4.5}a4.5 4.5 0 0 ${direction > 0 ? 1 : 0} ${direction * 9} 0`)
    .join('')}H${neck + direction}`;
  const isHers = from === 'attacker' || (to === 'attacker' && kind === 'seen');
  const hand = isHers ? 'attacker' : from;
  const left = Math.min(start, end) + 7;
  const drawn = state === 'done';
  return (
    <g className={`ar ${hand} ${state}${failed && drawn ? ' failed' : ''}`}>
      {isHers && drawn && <path className="sh twice" d={shaft} />}
      <path className={isHers && drawn ? 'sh inner' : 'sh'} d={shaft} />
      {kind === 'seen' ? (
        <path className="open" d={`M${tip - direction * 6} ${y - 4.5}L${tip} ${y}L${tip - direction * 6} ${y + 4.5}`} />
      ) : (
        <path className="hd" d={`M${neck} ${y - 3.6}L${tip} ${y}L${neck} ${y + 3.6}Z`} />
      )}
      {state !== 'future' &&
        beads.map((bead, index) => (
          <circle
            key={bead.name}
            className={`bead ${bead.by}`}
            cx={tip - direction * (15 + index * 9)}
            cy={y}
            r={3}
            style={{ '--i': index, '--dx': `${start - tip}px` } as React.CSSProperties}
          />
        ))}
      {stop && drawn && <path className="stop" d={`M${end - direction * 4} ${y - 8}v16`} />}
      {label && (
        <text className="lb" x={left} y={y - 4.5}>
          {label}
        </text>
      )}
      {status !== null && drawn && (
        <text className="st" x={start - direction * 5} y={y + 4} textAnchor={direction > 0 ? 'end' : 'start'}>
          {status}
        </text>
      )}
    </g>
  );
}
