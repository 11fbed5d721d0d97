import { GlyphShape } from '#components/values/glyph.tsx';
import type { Hand, Stroke } from '#lib/labs/types.ts';

const WIDTH = 250;
const X: Readonly<Record<Hand, number>> = { attacker: 16, you: 70, client: 120, as: 170, mcp: 220 };
const HANDS: readonly Hand[] = ['attacker', 'you', 'client', 'as', 'mcp'];
const TOP = 44;

/** The attack in small: who takes what, where, and where it is stopped. */
export function Specimen({ strokes, title }: { readonly strokes: readonly Stroke[]; readonly title: string }) {
  const step = strokes.length > 5 ? 16 : strokes.length > 3 ? 20 : 25;
  return (
    <div className="drawing">
      <svg className="wire" viewBox={`0 0 ${WIDTH} 142`} role="img" aria-label={title}>
        {HANDS.map((hand) => (
          <g key={hand} className={hand}>
            <g className="gy" transform={`translate(${X[hand] - 5.5} 6) scale(.917)`}>
              <GlyphShape hand={hand} />
            </g>
            {hand === 'attacker' ? (
              <>
                <path className="lane" d={`M${X[hand] - 1.5} 26V136`} />
                <path className="lane" d={`M${X[hand] + 1.5} 26V136`} />
              </>
            ) : (
              <path className="lane" d={`M${X[hand]} 26V136`} />
            )}
          </g>
        ))}
        {strokes.map((stroke, index) => {
          const key = index;
          return <StrokeShape key={key} stroke={stroke} y={TOP + index * step} />;
        })}
      </svg>
    </div>
  );
}

function StrokeShape({ stroke, y }: { readonly stroke: Stroke; readonly y: number }) {
  const { from, to, beads = [], sees, stop, pale } = stroke;
  const isInside = to === 'inside';
  const start = X[from];
  const end = isInside ? 196 : X[to];
  const direction = end >= start ? 1 : -1;
  const tip = end - direction * (stop ? 5 : 2);
  const hops = HANDS.map((hand) => X[hand])
    .filter((x) => x > Math.min(start, end) && x < Math.max(start, end))
    .sort((a, b) => direction * (a - b));
  const shaft = `M${start + direction * 2} ${y}${hops
    .map((x) => `H${x - direction * 4}a4 4 0 0 ${direction > 0 ? 1 : 0} ${direction * 8} 0`)
    .join('')}H${tip - direction * 5}`;
  const isHers = from === 'attacker' || sees === true;
  return (
    <g className={`ar ${isHers ? 'attacker' : from}${pale ? ' pale' : ''}`}>
      {isHers && <path className="sh twice" d={shaft} />}
      <path className={isHers ? 'sh inner' : 'sh'} d={shaft} />
      {sees ? (
        <path className="open" d={`M${tip - direction * 5} ${y - 4}L${tip} ${y}L${tip - direction * 5} ${y + 4}`} />
      ) : (
        <path className="hd" d={`M${tip - direction * 6} ${y - 3.2}L${tip} ${y}L${tip - direction * 6} ${y + 3.2}Z`} />
      )}
      {beads.map((hand, index) => (
        <circle
          key={`${hand}-${String(index)}`}
          className={`bead ${hand}`}
          cx={tip - direction * (12 + index * 8)}
          cy={y}
          r={2.6}
        />
      ))}
      {stop && <path className="stop" d={`M${end - direction * 2.5} ${y - 6.5}v13`} />}
      {isInside && (
        <>
          <rect className="beyond" x={198} y={y - 10} width={50} height={20} />
          <text className="mono" x={203} y={y + 3}>
            10.0.0.5
          </text>
        </>
      )}
    </g>
  );
}
