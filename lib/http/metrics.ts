/** What an operator watches: requests by endpoint and status, how long they took. */
import type { Registry } from 'prom-client';
import { type Colleagues, type Figures, mergeSeries, type Series } from './figures.ts';
import { createMinute, type Glance, type MinuteCounts, type Unsaved } from './minute.ts';

export interface Metrics {
  /**
   * Notes one answered request.
   * @param seconds from arrival to the answer
   * @param refused whether a limit refused it
   */
  observe(endpoint: string, method: string, status: number, seconds: number, refused: boolean): void;
  /**
   * The latest minute of this start and of other instances, and what of this start is not in the history yet.
   * @param elsewhere what processes of other instances have counted
   */
  glance(elsewhere?: readonly MinuteCounts[]): Promise<{ readonly glance: Glance; readonly unsaved: Unsaved }>;
  /** The latest minute of this process. */
  minute(): MinuteCounts;
  /** Hands over what this process has counted and is not in the history yet. */
  takeUnsaved(): Unsaved;
  /** Takes back what could not be saved. */
  giveBack(unsaved: Unsaved): void;
  /** Prometheus text. */
  text(): Promise<{ type: string; text: string }>;
  /** What this process has counted. */
  own(): Promise<Pick<Figures, 'series' | 'node'>>;
}

/** A number that is read when somebody asks. */
export interface Gauge {
  readonly help: string;
  value(): number | Promise<number>;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Metrics that cost a request a few additions: sums are kept here, and given to prom-client only
 * when somebody asks, so that its registry is not even loaded on an instance that nobody scrapes.
 * @param colleagues the other processes of this start: whichever is asked answers for all
 */
export function createMetrics(
  gauges: Readonly<Record<string, Gauge>> = {},
  build: Readonly<Record<string, string>> = {},
  colleagues: Colleagues | null = null,
): Metrics {
  const minute = createMinute(BUCKETS);
  const series = new Map<string, Series>();
  let defaults: Registry | undefined;
  const gather = async (): Promise<readonly Figures[]> => (await colleagues?.gather()) ?? [];

  /** The names that every dashboard for Node knows: process_cpu_seconds_total, nodejs_eventloop_lag_seconds. */
  async function ofNode(): Promise<Registry> {
    const prom = await import('prom-client');
    if (defaults === undefined) {
      defaults = new prom.Registry();
      prom.collectDefaultMetrics({ register: defaults });
    }
    return defaults;
  }

  return {
    observe(endpoint, method, status, seconds, refused) {
      const key = `${endpoint} ${method} ${status}`;
      let entry = series.get(key);
      if (entry === undefined) {
        entry = { endpoint, method, status: String(status), count: 0, sum: 0, buckets: BUCKETS.map(() => 0) };
        series.set(key, entry);
      }
      minute.note(seconds, refused);
      entry.count += 1;
      entry.sum += seconds;
      for (let i = 0; i < BUCKETS.length; i += 1) {
        if (seconds <= BUCKETS[i]!) {
          entry.buckets[i]! += 1;
          break;
        }
      }
    },
    async glance(elsewhere = []) {
      const start = [minute.counts(), ...(await gather()).map((one) => one.minute)];
      const sum = (name: keyof Unsaved): number => start.reduce((all, { unsaved }) => all + unsaved[name], 0);
      return {
        glance: minute.glance([...start, ...elsewhere]),
        unsaved: { requests: sum('requests'), refused: sum('refused') },
      };
    },
    minute: () => minute.counts(),
    takeUnsaved: () => minute.take(),
    giveBack: (unsaved) => minute.giveBack(unsaved),
    own: async () => ({
      series: [...series.values()],
      node: await (await ofNode()).getMetricsAsJSON(),
    }),
    async text() {
      const prom = await import('prom-client');
      const [node, others] = await Promise.all([ofNode(), gather()]);
      const counted = mergeSeries([[...series.values()], ...others.map((one) => one.series)]);
      const together =
        others.length === 0
          ? node
          : prom.AggregatorRegistry.aggregate([await node.getMetricsAsJSON(), ...others.map((one) => one.node)]);
      const registry = new prom.Registry();
      for (const [name, { help, value }] of Object.entries(gauges))
        new prom.Gauge({ name: `authwalk_${name}`, help, registers: [registry] }).set(await value());
      new prom.Gauge({
        name: 'authwalk_build_info',
        help: 'Which build this is: always 1',
        labelNames: Object.keys(build),
        registers: [registry],
      }).set({ ...build }, 1);
      const requests = new prom.Counter({
        name: 'authwalk_http_requests_total',
        help: 'Requests answered',
        labelNames: ['endpoint', 'method', 'status'],
        registers: [registry],
      });
      for (const entry of counted)
        requests.inc({ endpoint: entry.endpoint, method: entry.method, status: entry.status }, entry.count);
      const own = await registry.metrics();
      return {
        type: prom.prometheusContentType ?? 'text/plain; version=0.0.4; charset=utf-8',
        text: `${own}\n${histogram(counted)}${await together.metrics()}`,
      };
    },
  };
}

/** A histogram in Prometheus text, cumulative as the format wants it. */
function histogram(all: Iterable<Series>): string {
  const name = 'authwalk_http_request_duration_seconds';
  const lines = [`# HELP ${name} From arrival to the answer`, `# TYPE ${name} histogram`];
  for (const entry of all) {
    const labels = `endpoint="${entry.endpoint}",method="${entry.method}",status="${entry.status}"`;
    let sum = 0;
    BUCKETS.forEach((bound, i) => {
      sum += entry.buckets[i]!;
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${sum}`);
    });
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${entry.count}`,
      `${name}_sum{${labels}} ${entry.sum}`,
      `${name}_count{${labels}} ${entry.count}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
