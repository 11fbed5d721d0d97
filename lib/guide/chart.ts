/**
 * The run against time: every exchange in real milliseconds, pauses cut out, and the life of each
 * value from birth to its end.
 */
import { isCallback } from './callback.ts';
import { exchangesOf } from './derive/steps.ts';
import { requestBeads, responseBeads } from './derive/beads.ts';
import { clockTime, PARTY_NAMES, say } from './derive/words.ts';
import { shortPath } from './derive/wire.ts';
import { type ChartBar, type ChartTick, type RunChart, scaleOf } from '#lib/exchange/chart.ts';
import { ledgerOf } from './ledger.ts';
import type { Facts, Track } from './types.ts';

const SHOWN: ReadonlySet<string> = new Set(['state', 'code_verifier', 'code', 'access_token', 'refresh_token']);

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

/** Names of what lets its holder in, or brings what does. */
const OPENS = /^(?:access|refresh|exchanged|foreign)_token$/;

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
  const isHeld = ledger.lives.some(
    (life) => OPENS.test(life.name) && life.ended === null && (life.expires ?? Infinity) > facts.now,
  );
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
        : [
            say(figure.closing.says, {
              exchanges: entries.length,
              seconds: seconds(last - begin),
              human_seconds: seconds(Math.max(0, last - begin - busy)),
            }),
            ...(verifier?.ended == null
              ? []
              : [say(figure.closing.verifier, { verifier_seconds: seconds(verifier.ended - verifier.born) })]),
            isHeld ? figure.closing.alive : figure.closing.over,
          ].join(' '),
    empty: entries.length === 0 ? figure.empty : null,
  };
}
