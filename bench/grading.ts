/** What it costs to grade a run of 500 exchanges: processor time of one report, as the median of many. */
import { reportOf } from '#lib/coach/report.ts';
import { scenarioFacts } from '#lib/coach/facts.ts';
import { defaults } from '#lib/config/config.ts';
import type { LedgerEntry } from '#lib/exchange/types.ts';
import { openInstance } from '../tests/lib/sandbox.ts';
import { Scripted } from '../tests/coach/scripted.ts';

const RUNS = 40;
/** ms of processor time. */
const LIMIT = 50;

const instance = await openInstance();
const sandbox = await instance.sandbox({ 'consent.outcome': 'approve' });
const { made } = sandbox;
const client = new Scripted(instance, made, { sleep: () => undefined, stop: () => undefined });
for (let i = 0; i < 12; i += 1) {
  client.tokens = null;
  await client.connect();
  for (let call = 0; call < 30; call += 1) await client.call();
  for (let renewal = 0; renewal < 6; renewal += 1) await client.refresh();
}
const recorded = await sandbox.control('GET', '/exchanges?reveal=1&changes=1&limit=500');
const text = JSON.stringify(recorded.body.exchanges);
await instance.close();

const costs: number[] = [];
let count = 0;
for (let run = 0; run < RUNS; run += 1) {
  // Parsed anew each time, as it comes from the store: nothing is known of it.
  const entries = JSON.parse(text) as LedgerEntry[];
  count = entries.length;
  const before = process.cpuUsage();
  reportOf(
    {
      entries,
      now: Date.now(),
      sandbox: {
        id: made.id,
        origin: 'http://localhost:3000',
        base: made.issuer,
        issuer: made.issuer,
        inspectUrl: '',
        ownOrigin: false,
        scenario: null,
        configNumber: 0,
        config: defaults,
        defaults,
        createdAt: 0,
      },
      clients: [],
      scenarios: scenarioFacts(),
      finals: [],
    },
    { mask: () => 'masked' },
  );
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / 1000);
}
const [median, worst] = [costs.toSorted((a, b) => a - b)[RUNS / 2]!, Math.max(...costs)];
console.log(
  `Grading ${count} exchanges: ${median.toFixed(1)} ms of processor time ` +
    `(first ${costs[0]!.toFixed(1)} ms, worst ${worst.toFixed(1)} ms); ${LIMIT} ms at most`,
);
process.exit(median <= LIMIT ? 0 : 1);
