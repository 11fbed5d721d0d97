'use client';

import { useId } from 'react';
import type { ChartTick, RunChart as ChartData } from '#lib/exchange/chart.ts';
import type { Party } from '#lib/guide/types.ts';
import { GlyphShape } from '../values/glyph.tsx';
import { barsTop, laneY, layOutChart, left, width as wide } from './geometry.ts';
import './chart.css';

interface RunChartProps {
  readonly chart: ChartData;
  /** Who made a value, by its name. */
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
  /** Units of width: fewer where there is less room, so that its type stays as large. */
  readonly width?: number;
}

/** A whole run along real milliseconds: four parties, the messages between them, and the life of each value. */
export function RunChart({ chart, makers, width = wide }: RunChartProps) {
  const id = useId();
  const layout = layOutChart(chart, width);
  const { x, rows, heads, ruler, height, right } = layout;
  const foot = height - 10;
  if (chart.empty) return <p className="cap">{chart.empty}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and then the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
      <div className="chart-box" tabIndex={0} role="group" aria-label={chart.title}>
        <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={`${id}-t`}>
          <title id={`${id}-t`}>{chart.title}</title>
          {chart.cuts.map((cut, index) => (
            <g key={cut.at} className="cut">
              <rect x={x(cut.at)} y="40" width={x(cut.at + cut.width) - x(cut.at)} height={foot - 62} />
              {(index === 0 || x(cut.at) - x(chart.cuts[index - 1]?.at ?? 0) > 44) && (
                <text x={(x(cut.at) + x(cut.at + cut.width)) / 2} y={foot - 15} textAnchor="middle">
                  {cut.seconds} s
                </text>
              )}
              <title>{cut.says}</title>
            </g>
          ))}
          {heads.map((head) => (
            <g key={head.step}>
              <path className="col" d={`M${head.x - 5} 12V${foot - 22}`} />
              {!head.crowded && (
                <text className="no" x={head.x} y="22">
                  {head.number}
                </text>
              )}
              {head.title && (
                <text className="head" x={head.titleAt} y="22">
                  {head.title}
                </text>
              )}
            </g>
          ))}
          {chart.parties.map(({ party, name }) => (
            <g key={party} className={party}>
              <g className="hdg" transform={`translate(0 ${laneY[party] - 6})`}>
                <GlyphShape hand={party} />
              </g>
              <text className="who" x="18" y={laneY[party] + 4}>
                {name}
              </text>
              <path className="lane" d={`M${left - 8} ${laneY[party]}H${right}`} />
            </g>
          ))}
          {chart.ticks.map((tick) => (
            <Tick key={tick.key} tick={tick} from={x(tick.start)} to={x(tick.end)} />
          ))}
          <path className="floor" d={`M0 ${barsTop - 18}H${right}`} />
          {rows.map((row) => (
            <g key={row.value} className={handOf(makers, row.value)}>
              <text className="val" x="0" y={row.y + 4} data-v={row.value}>
                {row.value}
              </text>
              {row.bars.map(({ bar, from, to }) => (
                <g key={`${bar.start}`}>
                  <path className={`life ${bar.how}`} data-v={row.value} d={`M${from} ${row.y}H${to}`}>
                    <title>{bar.alt}</title>
                  </path>
                  <circle className="bead" cx={from} cy={row.y} r="3.6" data-v={row.value} />
                  {bar.how === 'revoked' ? (
                    <path className="end" d={`M${to - 3.5} ${row.y - 3.5}l7 7M${to + 3.5} ${row.y - 3.5}l-7 7`} />
                  ) : (
                    bar.how !== 'held' && <path className="end" d={`M${to} ${row.y - 5}v10`} />
                  )}
                  {bar.how !== 'held' &&
                    to + 60 < right &&
                    !row.bars.some((other) => other.from > from && other.from < to + 60) && (
                      <text className="how" x={to + 7} y={row.y + 4}>
                        {bar.how}
                      </text>
                    )}
                </g>
              ))}
            </g>
          ))}
          <g className="scale">
            <path d={`M${right - ruler.length} ${foot - 4}v-5M${right - ruler.length} ${foot - 4}H${right}v-5`} />
            <text x={right - ruler.length - 6} y={foot - 1} textAnchor="end">
              {ruler.ms} ms
            </text>
          </g>
        </svg>
      </div>
      <ol className="vh">
        {chart.ticks.map((tick) => (
          <li key={tick.key}>
            Step {tick.number}: {tick.label}
            {tick.status === null ? '' : `, answered ${tick.status}`}
            {`, ${Math.max(1, Math.round(tick.end - tick.start))} ms.`}
          </li>
        ))}
        {chart.bars.map((bar) => (
          <li key={`${bar.value}-${bar.start}`}>{bar.alt}</li>
        ))}
        {chart.cuts.map((cut) => (
          <li key={`cut-${cut.at}`}>{cut.says}</li>
        ))}
      </ol>
    </>
  );
}

const handOf = (makers: RunChartProps['makers'], value: string) =>
  makers[value] === 'attacker' ? 'fault' : (makers[value] ?? 'client');

/** One exchange: there, the server's work, and back, as steep as it was quick. */
function Tick({ tick, from, to }: { readonly tick: ChartTick; readonly from: number; readonly to: number }) {
  const [a, b] = [laneY[tick.from], laneY[tick.to]];
  const span = Math.max(3, to - from);
  const there = from + span * 0.3;
  const back = from + span * 0.7;
  const sign = b > a ? 1 : -1;
  const answered = tick.status !== null;
  return (
    <g>
      <title>
        {tick.label}
        {answered ? `, ${tick.status}` : ''}
      </title>
      <path className={`msg ${tick.from}`} d={`M${from} ${a}L${there} ${b - sign * 2}`} />
      {answered && (
        <>
          <path className={`work ${tick.to}`} d={`M${there} ${b}H${back}`} />
          <path className={`msg ${tick.to}`} d={`M${back} ${b}L${from + span} ${a + sign * 2}`} />
        </>
      )}
      <circle className={`dot ${tick.from}`} cx={from} cy={a} r="2.2" />
    </g>
  );
}
