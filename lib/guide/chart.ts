/**
 * The run against time: every exchange in real milliseconds, pauses cut out, and the life of each
 * value from birth to its end.
 */
import { isCallback } from './callback.ts';
import { exchangesOf } from './derive/steps.ts';
import { requestBeads, responseBeads } from './derive/beads.ts';
import { clockTime, PARTY_NAMES, say } from './derive/words.ts';
import { shortPath } from './derive/wire.ts';
import { ledgerOf } from './ledger.ts';
import type { Facts, Life, Party, Track } from './types.ts';

/** ms in which nothing travels, from which on the chart is cut. */
const CUT_FROM = 400;
/** What is left of a cut, in ms of the chart. */
const CUT_TO = 60;
const SHOWN: ReadonlySet<string> = new Set(['state', 'code_verifier', 'code', 'access_token', 'refresh_token']);

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
  readonly how: NonNullable<Life['how']> | 'held';
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
  /** The sentence below it; null where the run is not finished. */
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
      cuts.push({ at: chart, width: CUT_TO, seconds, says: say(says, { seconds }) });
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

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/**
 * The chart of a run, as far as it has come.
 */
export function chartOf(track: Track, facts: Facts, finished: boolean): RunChart {
  const { run_chart: figure } = track.figures;
  const entries = exchangesOf(facts);
  const ledger = ledgerOf(track, facts.state, facts.origin);
  const spans = entries.map((entry) => ({ start: entry.at, end: entry.at + Math.max(entry.exchange.duration, 1) }));
  const notch = figure.legend.find((entry) => entry.mark === 'notch')?.says ?? '{seconds} s';
  const scale = scaleOf(spans, notch);
  const ticks: ChartTick[] = entries.map((entry, index) => {
    const step = track.steps.find((candidate) => candidate.id === entry.step)!;
    return {
      key: entry.key,
      step: entry.step,
      number: step.number,
      label: isCallback(entry.exchange)
        ? 'callback'
        : `${entry.exchange.request.method} ${shortPath(entry.exchange.request.url)}`,
      status: isCallback(entry.exchange) ? null : (entry.exchange.response?.status ?? null),
      from: entry.exchange.from,
      to: entry.exchange.to,
      start: scale.to(spans[index]!.start),
      end: scale.to(spans[index]!.end),
      carries: requestBeads(entry.exchange, ledger.bag, []),
      brings: responseBeads(entry.exchange, ledger.bag, Object.keys(entry.made)),
    };
  });
  const last = spans.length > 0 ? Math.max(...spans.map((span) => span.end)) : 0;
  const bars: ChartBar[] = ledger.lives
    .filter((life) => SHOWN.has(life.name) && spans.length > 0)
    .map((life) => {
      const end = life.ended ?? Math.min(life.expires ?? last, last);
      return {
        value: life.name,
        party: life.name === 'code' ? 'as' : 'client',
        start: scale.to(life.born),
        end: scale.to(end),
        how: life.how ?? (life.expires !== null && life.expires < last ? 'expired' : 'held'),
        alt: say(figure.alt.value, {
          value: life.name,
          from: clockTime(life.born),
          to: clockTime(end),
          how: life.how ?? 'held',
        }),
      };
    });
  const columns = track.steps
    .flatMap((step) => {
      const own = ticks.filter((tick) => tick.step === step.id);
      return own.length === 0
        ? []
        : [
            {
              step: step.id,
              number: step.number,
              title: step.title,
              start: Math.min(...own.map((tick) => tick.start)),
              end: Math.max(...own.map((tick) => tick.end)),
            },
          ];
    })
    .sort((a, b) => a.start - b.start);
  const begin = spans.length > 0 ? Math.min(...spans.map((span) => span.start)) : 0;
  const busy = spans.reduce((sum, span) => sum + (span.end - span.start), 0);
  const verifier = ledger.lives.findLast((life) => life.name === 'code_verifier');
  return {
    title: figure.title,
    numbering: figure.numbering,
    caption: figure.caption,
    parties: (['you', 'client', 'as', 'mcp'] as const).map((party) => ({ party, name: PARTY_NAMES[party] })),
    width: scale.width,
    ticks,
    bars,
    cuts: scale.cuts,
    columns,
    closing:
      !finished || entries.length === 0
        ? null
        : say(figure.closing.says, {
            exchanges: entries.length,
            seconds: seconds(last - begin),
            human_seconds: seconds(Math.max(0, last - begin - busy)),
            verifier_seconds: verifier ? seconds((verifier.ended ?? last) - verifier.born) : 0,
          }),
    empty: entries.length === 0 ? figure.empty : null,
  };
}
