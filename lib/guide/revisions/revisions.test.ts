/** Steps at other revisions, against the real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '#lib/client/sandboxes.ts';
import { type Engine, ORIGIN, startEngine } from '../../../tests/lib/guide-engine.ts';
import { listTracks, loadTrack } from '../load.ts';
import type { Exchange } from '../types.ts';
import { compareAt, type Comparison } from './compare.ts';
import { EARLIER, WALKED } from './revisions.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const compare = (track: string, step: string, revision: string): Promise<Comparison> => {
  const of = loadTrack(track)!;
  const options = {
    origin: ORIGIN,
    fetch: engine.fetch,
    api: createApi<Exchange>(ORIGIN, engine.fetch),
    now: Date.now,
  };
  return compareAt(of, of.steps.find(({ id }) => id === step)!, revision, options);
};
const lines = ({ exchanges }: Comparison, kind: 'was' | 'now') =>
  exchanges.flatMap((one) => one.lines.filter((line) => line.kind === kind).map(({ text }) => text.trim()));
const every = listTracks().flatMap(({ id, main, steps }) =>
  steps.filter((_, index) => main || index === steps.length - 1).map((step) => [id, step.id] as const),
);

test.each(every)('%s/%s is the same as itself', async (track, step) => {
  const compared = await compare(track, step, WALKED);
  expect(compared.trouble).toBeNull();
  expect(compared.exchanges.length).toBeGreaterThan(0);
  expect(compared.exchanges.filter((one) => one.only !== null || one.lines.length > 0)).toEqual([]);
});

const main = loadTrack('authorization-code')!;
test.each(main.steps.flatMap((step) => EARLIER.map(({ id }) => [step.id, id] as const)))(
  'the step %s can be sent as of %s',
  async (step, revision) => {
    const compared = await compare(main.id, step, revision);
    expect(compared.trouble).toBeNull();
    const refused = compared.exchanges.filter(({ status }) => status === null || status >= 400);
    // The first step and the last are there to be refused; at 2025-03-26 a resource has no document.
    const isRefused = ['challenge', 'revoke'].includes(step) || (step === 'discovery' && revision === '2025-03-26');
    expect(refused.length > 0).toBe(isRefused);
  },
);

test('before 2026-07-28 a client says first who it is, and headers repeat nothing of the body', async () => {
  const compared = await compare('authorization-code', 'call', '2025-06-18');
  expect(compared.exchanges[0]).toMatchObject({ title: 'Say who one is', only: 'there', status: 200 });
  expect(lines(compared, 'was')).toEqual(expect.arrayContaining(['mcp-method: tools/call', 'mcp-name: notes_list']));
  expect(lines(compared, 'now')).toContain('mcp-protocol-version: 2025-06-18');
});

test('the answer to an authorization request brings iss since 2026-07-28', async () => {
  const compared = await compare('authorization-code', 'authorization', '2025-11-25');
  expect(lines(compared, 'was').some((line) => line.startsWith('? iss='))).toBe(true);
  expect(lines(compared, 'now').some((line) => line.startsWith('? iss='))).toBe(false);
});

test('at 2025-03-26 there is no metadata of a resource, and no resource is named', async () => {
  expect((await compare('authorization-code', 'discovery', '2025-03-26')).exchanges[0]).toMatchObject({ status: 404 });
  expect(lines(await compare('authorization-code', 'token', '2025-03-26'), 'was')).toContain('resource={mcp_url}');
});

test('the challenge names a scope since 2025-11-25', async () => {
  const challenged = lines(await compare('authorization-code', 'challenge', '2025-06-18'), 'was');
  expect(challenged.find((line) => line.startsWith('www-authenticate'))).toContain('scope=');
  const later = lines(await compare('authorization-code', 'challenge', '2025-11-25'), 'was');
  expect(later.find((line) => line.startsWith('www-authenticate'))).toBeUndefined();
});
