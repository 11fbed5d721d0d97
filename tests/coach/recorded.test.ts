/**
 * The runs on the pages of the scenarios: what the conforming client does in each, as it was recorded. RECORD=1 writes
 * them anew (format the file after it); without it they are held to what the client does now.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { scenarios } from '#lib/config/scenarios/index.ts';
import { verbsOf } from '#lib/live/verbs.ts';
import recorded from '#lib/server/views/scenario-runs.json' with { type: 'json' };
import type { Exchange } from '#lib/exchange/types.ts';
import type { Json } from '../lib/sandbox.ts';
import { cases } from './cases.ts';
import { documentAt } from './documents.ts';
import { control, makeSandbox, usual } from './grading.ts';
import { Scripted, Stopped } from './scripted.ts';
import { leftOut } from './sdk-scenarios.ts';
import { instance, openForTests, time } from './opened.ts';

vi.mock('#lib/fetch/guarded.ts', () => ({ createGuardedFetch: () => documentAt }));

const isRecording = process.env.RECORD === '1';
/** As many exchanges as a page shows. */
const MOST = 14;
const runs: Record<string, Json> = {};
openForTests();
afterAll(() => {
  if (isRecording) writeFileSync('lib/server/views/scenario-runs.json', JSON.stringify(runs));
});

const all = [...scenarios().values()].map((scenario) => ({
  ...scenario,
  situation: cases.find((one) => one.scenario === scenario.id),
  revision: scenario.versions.findLast((one) => one !== 'oauth'),
}));
type Entry = (typeof all)[number];

/** Why the client is not taken through a scenario; null if it is. */
function whyNot({ id, problems, feature, situation, revision }: Entry): string | null {
  if (problems.length > 0) return 'It needs an origin of its own, and runs are recorded on a shared one.';
  if (id === 'metadata-dangerous-endpoint')
    return 'The recorded client follows every address that it is given, this one too.';
  const left = leftOut[id];
  if (left !== undefined) return left;
  if (situation !== undefined) return null;
  if (feature !== null) return `It is for clients with the feature ${feature}, and no run of one is recorded.`;
  return revision === undefined ? 'It is for clients without MCP, and the recorded client is one with MCP.' : null;
}
const driven = all.filter((one) => whyNot(one) === null);
const left = all.flatMap((one) => {
  const why = whyNot(one);
  return why === null ? [] : [[one.id, why] as const];
});

test('each page without a run says why', () => {
  const none = Object.fromEntries(left.map(([id, why]) => [id, { none: why }]));
  if (isRecording) Object.assign(runs, none);
  const kept: Readonly<Record<string, unknown>> = isRecording ? runs : recorded;
  expect(kept).toMatchObject(none);
  if (!isRecording) expect(Object.keys(kept).sort()).toEqual(all.map(({ id }) => id).sort());
});

test.each(driven.map((one) => [one.id, one] as const))('the run of %s is what its page shows', async (id, one) => {
  const config = one.situation?.config;
  const made = await makeSandbox(instance, { scenario: id, ...(config ? { config } : {}) });
  const client = new Scripted(instance, made, time, {
    ...(one.revision === undefined ? {} : { revision: one.revision }),
    ...one.situation?.options,
    breaks: [],
    ...(one.situation?.given ? { client: (made.clients ?? [])[0] } : {}),
  });
  let stopped = false;
  try {
    await (one.situation?.drive ?? usual)(client);
  } catch (error) {
    // What it cannot read ends its run as well.
    if (!(error instanceof Stopped || error instanceof TypeError)) throw error;
    stopped = true;
  }
  const { verdicts } = await control(instance, made, '/report?final=1');
  const held = verdicts.filter(({ verdict }: Json) => verdict === 'fail' || verdict === 'warn');
  const { exchanges } = (await control(instance, made, '/exchanges')) as { exchanges: Exchange[] };
  const own = new Set(Object.keys(one.config));
  const run = {
    exchanges: exchanges.slice(0, MOST).map((exchange) => {
      const acted = exchange.acted.filter(({ kind, name }) => kind !== 'knob' || own.has(name)).map(({ name }) => name);
      const status = exchange.delivered ? (exchange.response?.status ?? null) : null;
      return [exchange.from, exchange.to, status, verbsOf(exchange), ...acted];
    }),
    more: Math.max(0, exchanges.length - MOST),
    stopped,
  };
  // A run that a rule complains about is none of a conforming client: it is not shown.
  const [complaint] = held;
  const kept =
    complaint === undefined
      ? run
      : { none: `The recorded client does not keep ${complaint.rule} here: ${complaint.says}` };
  if (isRecording) runs[id] = kept;
  else expect((recorded as Readonly<Record<string, unknown>>)[id]).toEqual(kept);
});
