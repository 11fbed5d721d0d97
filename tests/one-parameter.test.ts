/** One parameter, from the wire to the page and to each export: all of them read it through `lib/exchange`. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestLines } from '#components/exchange/lines.ts';
import { lineText } from '#components/exchange/view.ts';
import { parameterOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { type Instance, openInstance, type TestSandbox } from './lib/sandbox.ts';
import { writtenFiles } from './lib/width.ts';

const VALUE = 'notes:read a&b=c';
const ENCODED = 'notes%3Aread+a%26b%3Dc';

let instance: Instance;
let sandbox: TestSandbox;
let recorded: Exchange;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  await sandbox.post('/oauth/token', { grant_type: 'client_credentials', client_id: 'nobody', scope: VALUE });
  const { body } = await sandbox.control('GET', '/exchanges');
  recorded = body.exchanges.find(({ endpoint }: Exchange) => endpoint === 'token');
});
afterAll(() => instance.close());

test('the record has it as it was sent, and its reader decodes it', () => {
  expect(recorded.request.body).toContain(`scope=${ENCODED}`);
  expect(recorded.parameters).toMatchObject({ scope: VALUE });
  expect(parameterOf(recorded, 'scope')).toBe(VALUE);
});

test('the page has a line for it', () => {
  expect(requestLines(recorded.request).map(lineText)).toContain(`  &scope=${ENCODED}`);
});

test('the HAR export has it among the parameters of the body', async () => {
  const { body } = await sandbox.control('GET', '/export?format=har');
  const entry = body.log.entries.find((one: { comment: string }) => one.comment.startsWith('token'));
  expect(entry.request.postData.params).toContainEqual(expect.objectContaining({ name: 'scope', value: VALUE }));
});

test.each(['curl', 'playwright'])('the %s export sends it again', async (format) => {
  const { text } = await sandbox.control('GET', `/export?format=${format}`);
  expect(text).toContain(`scope=${ENCODED}`);
});

/** Rooms that are told of recorded exchanges and never of live requests. */
const READERS = /^(?:components|lib\/(?:coach|live|guide\/(?:derive|predicates|storage)|labs\/(?:derive|levels)))\//;
/** Parameters taken out of an address or of a body by hand. */
const BY_HAND = /\.searchParams\b|\[\?&\]|new URLSearchParams\([^)]*\b(?:body|url|query|search|location)\b/;

test('no room that reads exchanges takes parameters apart by hand', () => {
  const found = writtenFiles()
    .filter((path) => READERS.test(path) && /\.tsx?$/.test(path) && !path.includes('.test.'))
    .filter((path) => BY_HAND.test(readFileSync(path, 'utf8')));
  // Both judge a move before it is sent.
  expect(found).toEqual(['lib/labs/levels/refuse.ts', 'lib/labs/levels/walker.ts']);
});
