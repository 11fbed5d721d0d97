/** The geometry of a chart of exchanges against time: real milliseconds, with the pauses cut out. Pure. */
import type { Party } from './types.ts';

/** ms in which nothing travels, from which on the chart is cut. */
const CUT_FROM = 400;
/** What is left of a cut, in ms of the chart. */
const CUT_TO = 60;
export interface ChartTick {
  readonly key: string;
  readonly step: string;
  readonly number: number;
  readonly label: string;
  readonly status: number | null;
  readonly from: Party;
  readonly to: Party;
  /** Chart ms of sending and of the answer. */
  readonly start: number;
  readonly end: number;
  readonly carries: readonly string[];
  readonly brings: readonly string[];
}
export interface ChartBar {
  readonly value: string;
  readonly party: Party;
  readonly start: number;
  readonly end: number;
  readonly how: 'spent' | 'expired' | 'revoked' | 'replaced' | 'returned' | 'held';
  readonly alt: string;
}
export interface ChartCut {
  readonly at: number;
  readonly width: number;
  readonly seconds: number;
  readonly says: string;
}
export interface RunChart {
  readonly title: string;
  readonly numbering: string;
  readonly caption: string;
  readonly parties: readonly { readonly party: Party; readonly name: string }[];
  /** Width in chart ms. */
  readonly width: number;
  readonly ticks: readonly ChartTick[];
  readonly bars: readonly ChartBar[];
  readonly cuts: readonly ChartCut[];
  /** Steps as columns. */
  readonly columns: readonly {
    readonly step: string;
    readonly number: number;
    readonly title: string;
    readonly start: number;
    readonly end: number;
  }[];
  /** The sentence below it; null if the run is not finished. */
  readonly closing: string | null;
  readonly empty: string | null;
}

interface Scale {
  readonly to: (wall: number) => number;
  readonly width: number;
  readonly cuts: ChartCut[];
}

/** Real time with the pauses taken out; within what is left it is to scale. */
export function scaleOf(spans: readonly { start: number; end: number }[], says: string): Scale {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  const pieces: { wall: number; until: number; chart: number }[] = [];
  const cuts: ChartCut[] = [];
  let chart = 0;
  let wall = sorted[0]?.start ?? 0;
  for (const span of sorted) {
    const gap = span.start - wall;
    if (gap > CUT_FROM) {
      const seconds = Math.round(gap / 100) / 10;
      cuts.push({ at: chart, width: CUT_TO, seconds, says: says.replace('{seconds}', String(seconds)) });
      pieces.push({ wall, until: span.start, chart });
      chart += CUT_TO;
      wall = span.start;
    }
    if (span.end <= wall) continue;
    pieces.push({ wall, until: span.end, chart });
    chart += span.end - wall;
    wall = span.end;
  }
  return {
    cuts,
    width: Math.max(chart, 1),
    to: (at) => {
      const piece = pieces.findLast((candidate) => at >= candidate.wall) ?? pieces[0];
      if (!piece) return 0;
      const isCut = cuts.some((cut) => cut.at === piece.chart) && piece.until - piece.wall > CUT_FROM;
      const part = Math.min(Math.max(at - piece.wall, 0), piece.until - piece.wall);
      return piece.chart + (isCut ? (part / (piece.until - piece.wall)) * CUT_TO : part);
    },
  };
}
