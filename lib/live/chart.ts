/** A flow against time: the same chart as of a walk, from nothing but what was recorded. */
import { type ChartBar, type ChartTick, type RunChart, scaleOf } from '#lib/exchange/chart.ts';
import { PARTY_NAMES } from '#lib/exchange/parties.ts';
import { valuesOf } from '#lib/exchange/values.ts';
import { RESOURCE_ENDPOINTS } from '#lib/exchange/read.ts';
import type { Flow } from '#lib/exchange/flows.ts';
import { rowWords } from './rows.ts';
import type { Exchange } from './types.ts';
import { timeOfDay } from '#lib/spec/time-of-day.ts';

/** Columns of the chart: phases, by endpoint. */
const PHASES: readonly (readonly [title: string, endpoints: readonly string[]])[] = [
  ['Challenge', ['mcp', 'bearer', 'no-auth']],
  ['Discovery', ['prm', 'as-metadata', 'jwks']],
  ['Registration', ['register', 'registration']],
  ['The user', ['authorize', 'consent', 'par', 'device', 'activate']],
  ['Token', ['token']],
  ['Calls', [...RESOURCE_ENDPOINTS]],
];
const LIVING: readonly string[] = ['state', 'code_verifier', 'code', 'access_token', 'refresh_token'];
/** As many as can be told apart. */
const MOST = 24;

const endOf = (exchange: Exchange): number => Date.parse(exchange.at) + Math.max(exchange.duration, 1);

/**
 * @param flow of which the exchanges around the one that is looked at are charted, where there are many
 * @param seq the one that is looked at
 */
export function chartOfFlow(flow: Flow, seq: number): RunChart {
  const exchanges = around(flow, seq);
  const scale = scaleOf(
    exchanges.map((exchange) => ({ start: Date.parse(exchange.at), end: endOf(exchange) })),
    '{seconds} s in which nothing travelled',
  );
  const phases: { title: string; from: Exchange }[] = [];
  for (const exchange of exchanges) {
    const later = phases.some((phase) => phase.title === 'Token' || phase.title === 'The user');
    const phase = PHASES.find(
      ([title, endpoints]) => endpoints.includes(exchange.endpoint) && (!later || title !== 'Challenge'),
    );
    if (phase && phases.at(-1)?.title !== phase[0]) phases.push({ title: phase[0], from: exchange });
  }
  const ticks: ChartTick[] = exchanges.map((exchange) => {
    const { path } = rowWords(exchange);
    return {
      key: String(exchange.seq),
      step: String(exchange.seq),
      number: exchange.seq,
      label: `${exchange.request.method} ${path}`,
      status: exchange.response?.status ?? null,
      from: exchange.from,
      to: exchange.to,
      start: scale.to(Date.parse(exchange.at)),
      end: scale.to(endOf(exchange)),
      carries: [],
      brings: [],
    };
  });
  const first = exchanges[0];
  const last = exchanges.at(-1);
  const count =
    exchanges.length < flow.exchanges.length
      ? `Exchanges ${first?.seq} to ${last?.seq}`
      : `${exchanges.length} ${exchanges.length === 1 ? 'exchange' : 'exchanges'}`;
  return {
    title: 'The run against time',
    numbering: 'Plate',
    caption: `${count} of ${flow.title}, in real milliseconds. Pauses are cut out.`,
    parties: (['you', 'client', 'as', 'mcp'] as const).map((party) => ({ party, name: PARTY_NAMES[party] })),
    width: scale.width,
    ticks,
    bars: barsOf(exchanges, scale.to),
    cuts: scale.cuts,
    columns: phases.map((phase, index) => ({
      step: String(phase.from.seq),
      number: phase.from.seq,
      title: phase.title,
      start: scale.to(Date.parse(phase.from.at)),
      end: scale.to(endOf(phases[index + 1]?.from ?? last ?? phase.from)),
    })),
    closing: null,
    empty: first ? null : 'Nothing has travelled.',
  };
}

/** The exchanges of a flow that are charted. */
function around({ exchanges }: Flow, seq: number): readonly Exchange[] {
  const at = exchanges.findIndex((exchange) => exchange.seq === seq);
  const from = Math.max(0, Math.min(at - MOST / 2, exchanges.length - MOST));
  return exchanges.slice(from, from + MOST);
}

/** The lives of values, from where each first appeared to where it last did something. */
function barsOf(exchanges: readonly Exchange[], to: (wall: number) => number): ChartBar[] {
  const lives = new Map<string, { name: string; born: number; ended: number; spent: boolean }>();
  for (const exchange of exchanges) {
    for (const { name, value } of valuesOf(exchange)) {
      if (!LIVING.includes(name)) continue;
      const key = `${name} ${value}`;
      const life = lives.get(key);
      const born = name === 'state' ? Date.parse(exchange.at) : endOf(exchange);
      if (!life)
        lives.set(key, {
          name,
          born: name === 'code_verifier' ? verifierBorn(exchanges, exchange) : born,
          ended: endOf(exchange),
          spent: false,
        });
      const kept = lives.get(key)!;
      kept.ended = endOf(exchange);
      kept.spent ||=
        exchange.endpoint === 'token' &&
        exchange.response?.status === 200 &&
        (exchange.request.body ?? '').includes(encodeURIComponent(value)) &&
        (name === 'code' || name === 'code_verifier' || name === 'refresh_token');
    }
  }
  return [...lives.values()]
    .sort((a, b) => LIVING.indexOf(a.name) - LIVING.indexOf(b.name) || a.born - b.born)
    .map(({ name, born, ended, spent }) => ({
      value: name,
      party: name === 'code' ? 'as' : 'client',
      start: to(born),
      end: to(Math.max(ended, born)),
      how: spent ? 'spent' : name === 'state' ? 'returned' : 'held',
      alt: `${name} was seen from ${timeOfDay(born)} to ` + `${timeOfDay(ended)}${spent ? ', and was spent' : ''}.`,
    }));
}

/** A verifier is made before its challenge is sent. */
function verifierBorn(exchanges: readonly Exchange[], redeemed: Exchange): number {
  const asked = exchanges.findLast(
    (exchange) =>
      exchange.seq < redeemed.seq &&
      exchange.endpoint === 'authorize' &&
      exchange.request.url.includes('code_challenge='),
  );
  return Date.parse((asked ?? redeemed).at);
}

/** Says which exchanges are charted: as long as it stays the same, so does the chart. */
export function chartKey(flow: Flow, seq: number): string {
  const charted = around(flow, seq);
  return `${charted[0]?.seq} ${charted.at(-1)?.seq} ${flow.exchanges.length === charted.length}`;
}
