/** Metrics, read by parsers that nobody here wrote, and the dashboard that asks for them. */
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, json, type TestServer, testServer } from '#lib/server/testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await server.ask('/api/sandboxes', json({}));
  for (let time = 0; time < 3; time += 1) await server.ask('/.well-known/jwks.json');
  await server.ask('/oauth/token', form({ grant_type: 'password' }));
  // What a stranger names must not become a label.
  await server.ask('/"} evil{x="', { method: 'DELETE' });
});
afterAll(() => server.close());

/** Families by name, as parse-prometheus-text-format reads them. */
async function families() {
  const answer = await server.ask('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const all = parsePrometheusTextFormat(await answer.text());
  return new Map(all.map((family) => [family.name, family]));
}

describe('metrics', () => {
  it('are read by a parser of others: each family once, with help and type', async () => {
    const found = await families();
    for (const { name, help, type, metrics } of found.values()) {
      expect.soft([name, help]).not.toEqual([name, '']);
      expect.soft(['COUNTER', 'GAUGE', 'HISTOGRAM', 'SUMMARY']).toContain(type);
      expect.soft(name).toMatch(/^(?:authwalk|process|nodejs)_[a-z0-9_]+$/);
      expect.soft(JSON.stringify(metrics)).not.toContain('evil');
    }
    expect(found.get('authwalk_http_requests_total')!.metrics).toContainEqual({
      value: '3',
      labels: { endpoint: 'jwks', method: 'GET', status: '200' },
    });
    // That parser takes all series of a histogram for one, so the buckets of one series are read here.
    const text = await (await server.ask('/metrics')).text();
    const name = 'authwalk_http_request_duration_seconds';
    const series = '{endpoint="jwks",method="GET",status="200"';
    const counts = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}_bucket${series}`))
      .map((line) => Number(line.split(' ').at(-1)));
    expect(counts).toHaveLength(13);
    expect(counts).toEqual([...counts].sort((one, other) => one - other));
    expect(counts.at(-1)).toBe(3);
    expect(text).toContain(`${name}_count${series}} 3\n`);
  });

  it('have the names that every dashboard for Node knows, the build, and how much there is', async () => {
    const found = await families();
    const only = (name: string) => Number(found.get(name)?.metrics[0]?.value);
    for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds', 'process_resident_memory_bytes'])
      expect.soft(only(name)).toBeGreaterThanOrEqual(0);
    expect(found.get('authwalk_build_info')!.metrics).toEqual([
      { value: '1', labels: { version: expect.any(String), node: expect.stringMatching(/^24\./) } },
    ]);
    expect(only('authwalk_sandboxes')).toBe(2);
    expect(only('authwalk_streams')).toBe(0);
    expect(only('authwalk_database_bytes')).toBeGreaterThan(100_000);
  });
});

describe('the Grafana dashboard', () => {
  interface Panel {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string }[];
  }
  const text = readFileSync(new URL('../container/grafana.json', import.meta.url), 'utf8');
  const { panels } = JSON.parse(text) as { panels: Panel[] };
  const exprs = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const));

  /** The nodes of an expression, as the grammar of Prometheus reads it; Grafana fills its variable in before. */
  function nodesOf(expr: string) {
    const filled = expr.replaceAll('$__rate_interval', '5m');
    const nodes: { type: string; text: string }[] = [];
    parser.parse(filled).iterate({
      enter: ({ type, from, to }) =>
        void nodes.push({ type: type.isError ? 'error' : type.name, text: filled.slice(from, to) }),
    });
    return nodes;
  }

  it.each(exprs)('“%s” is PromQL, of metrics and labels that there are', async (_title, expr) => {
    const found = await families();
    const nodes = nodesOf(expr);
    expect(nodes.filter(({ type }) => type === 'error')).toEqual([]);
    const of = (name: string) => nodes.filter(({ type }) => type === name).map(({ text: one }) => one);
    const metrics = of('VectorSelector').map((selector) => /^\w+/.exec(selector)![0]);
    expect(metrics.length).toBeGreaterThan(0);
    const known = metrics.map((metric) => found.get(metric) ?? found.get(metric.replace(/_(?:bucket|sum|count)$/, '')));
    expect(known.map((family, at) => family?.name ?? `${metrics[at]} is unknown`)).toEqual(
      known.map((family) => family?.name),
    );
    const text = await (await server.ask('/metrics')).text();
    const labels = metrics.flatMap((metric) =>
      [...text.matchAll(new RegExp(`^${metric}\\{(.*)\\} `, 'gm'))].flatMap(([, listed]) =>
        [...listed!.matchAll(/(\w+)="/g)].map(([, label]) => label),
      ),
    );
    for (const label of of('LabelName')) expect.soft([...labels, 'instance']).toContain(label);
  });

  it('finds an error where there is one', () => {
    expect(nodesOf('sum by (endpoint) (rate(a[5m])) )').some(({ type }) => type === 'error')).toBe(true);
  });

  it('has panels that do not overlap, each with an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });
});
