/** Steps at other revisions, against the real engine. */
import { expect, test } from 'vitest';
import { createApi } from '#lib/client/sandboxes.ts';
import { engine, openForTests, ORIGIN } from '../../../tests/lib/guide-engine.ts';
import { listTracks, loadTrack } from '../load.ts';
import type { Exchange } from '../types.ts';
import { compareAt, type Comparison } from './compare.ts';
import { EARLIER, WALKED } from './revisions.ts';

openForTests();

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
    const refused = compared.exchanges.filter(({ only, status }) => only !== 'here' && (status ?? 400) >= 400);
    // The first step and the last are there to be refused.
    const isRefused = ['challenge', 'revoke'].includes(step);
    expect(refused.length > 0).toBe(isRefused);
  },
);

test('before 2026-07-28 a client says first who it is, and headers repeat nothing of the body', async () => {
  const compared = await compare('authorization-code', 'call', '2025-06-18');
  expect(compared.exchanges.slice(0, 2)).toMatchObject([
    { title: 'Say who the client is', only: 'there', status: 200 },
    { title: 'Say that it is ready', only: 'there', status: 202 },
  ]);
  const opening = compared.exchanges[0]!.lines.map(({ text }) => text);
  expect(opening.filter((line) => line.startsWith('mcp-protocol-version'))).toEqual([]);
  expect(lines(compared, 'was')).toEqual(expect.arrayContaining(['mcp-method: tools/call', 'mcp-name: notes_list']));
  expect(lines(compared, 'now')).toContain('mcp-protocol-version: 2025-06-18');
});

test('the answer to an authorization request brings iss since 2026-07-28', async () => {
  const compared = await compare('authorization-code', 'authorization', '2025-11-25');
  expect(lines(compared, 'was').some((line) => line.startsWith('? iss='))).toBe(true);
  expect(lines(compared, 'now').some((line) => line.startsWith('? iss='))).toBe(false);
});

test('a client says who it is once, before its first call, and not again', async () => {
  expect((await compare('authorization-code', 'revoke', '2025-06-18')).exchanges.map(({ only }) => only)).toEqual([
    null,
    null,
  ]);
});

test('without a token, what is refused at an earlier revision is initialize', async () => {
  const compared = await compare('authorization-code', 'challenge', '2025-06-18');
  expect(compared.exchanges).toHaveLength(1);
  expect(compared.exchanges[0]).toMatchObject({ status: 401, says: expect.stringContaining('`initialize`') });
  expect(lines(compared, 'now')).toContain('"method": "initialize",');
});

test('a comma that stands only because another line follows is no difference', async () => {
  const compared = await compare('authorization-code', 'call', '2025-11-25');
  expect(lines(compared, 'now').filter((line) => /^("arguments": \{\}|\])/.test(line))).toEqual([]);
});

test('it says where a client stops that needs what a revision did not have', async () => {
  expect(await compare('metadata-document', 'token', '2025-06-18')).toEqual({
    ...{ exchanges: [], trouble: null },
    endsAt: loadTrack('metadata-document')!.steps.find(({ id }) => id === 'ask')!.title,
  });
});

test('at 2025-03-26 there is no metadata of a resource, and no resource is named', async () => {
  const found = await compare('authorization-code', 'discovery', '2025-03-26');
  expect(found.exchanges.map(({ only, status }) => [only, status])).toEqual([
    ['here', null],
    [null, 200],
  ]);
  expect(lines(found, 'now')).toContain('mcp-protocol-version: 2025-03-26');
  expect(lines(await compare('authorization-code', 'token', '2025-03-26'), 'was')).toContain('resource={mcp_url}');
});

test('the challenge names a scope since 2025-11-25', async () => {
  const challenged = lines(await compare('authorization-code', 'challenge', '2025-06-18'), 'was');
  expect(challenged.find((line) => line.startsWith('www-authenticate'))).toContain('scope=');
  const later = lines(await compare('authorization-code', 'challenge', '2025-11-25'), 'was');
  expect(later.find((line) => line.startsWith('www-authenticate'))).toBeUndefined();
});
