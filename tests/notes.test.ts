/** Every note of the tracks, over exchanges that were really recorded: it is beside none of which it is not true. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headerOf } from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { notesFor } from '#lib/live/notes.ts';
import type { EndpointNote } from '#lib/live/types.ts';
import { loadNotes } from '#lib/server/views/sandbox-words.ts';
import { basicOf, bearer, form, type Instance, json, openInstance } from './lib/sandbox.ts';

const notes = loadNotes();
let instance: Instance;
let recorded: readonly Exchange[];

beforeAll(async () => {
  instance = await openInstance();
  const sandbox = await instance.sandbox({ registration: { scope: 'default' } });
  const rpc = (method: string, params: object, headers: Record<string, string> = {}) =>
    sandbox.ask('/mcp', json('POST', { jsonrpc: '2.0', id: 1, method, params }, headers));
  const tool = (name: string, token: string) => rpc('tools/call', { name, arguments: {} }, bearer(token));
  await rpc('tools/list', {});
  await rpc('tools/list', {}, bearer('malformed'));
  await rpc('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } });
  await instance.ask(`/.well-known/oauth-protected-resource/s/${sandbox.id}/mcp`);
  await instance.ask(`/.well-known/oauth-authorization-server/s/${sandbox.id}`);
  await sandbox.ask('/oauth/register', json('POST', {}));
  const client = await sandbox.confidential();
  await sandbox.ask('/oauth/authorize?response_type=code&client_id=nobody');
  await sandbox.ask('/oauth/token', form({ grant_type: 'authorization_code', code: 'x' }, basicOf(client)));
  await sandbox.ask('/oauth/token', form({ grant_type: 'refresh_token', refresh_token: 'x' }, basicOf(client)));
  await sandbox.ask('/oauth/device_authorization', form({}, basicOf(client)));
  await sandbox.ask('/oauth/revoke', form({ token: 'x' }, basicOf(client)));
  await sandbox.ask('/oauth/introspect', form({ token: 'x' }, basicOf(client)));
  const own = await sandbox.register();
  const tokens = await sandbox.tokens(own);
  await tool('whoami', tokens.access_token);
  await tool('notes_add', tokens.access_token);
  await rpc('tools/list', {}, { ...bearer(tokens.access_token), 'mcp-protocol-version': '2026-07-28' });
  const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: own.client_id };
  await sandbox.ask('/oauth/token', form(refresh));
  await sandbox.ask('/oauth/token', form(refresh));
  const narrower = await sandbox.tokens(own);
  await sandbox.ask('/oauth/token', form({ ...refresh, refresh_token: narrower.refresh_token, scope: 'notes:read' }));
  recorded = await instance.server.container.recorder.list(sandbox.id, { after: 0, limit: 500 });
});
afterAll(() => instance.close());

const textOf = ({ response }: Exchange): string => JSON.stringify(response);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What each condition means, told once more: straight from the record. */
const means: Readonly<Record<string, (wanted: unknown, exchange: Exchange) => boolean>> = {
  endpoint: (wanted, { endpoint }) => list(wanted).includes(endpoint),
  method: (wanted, { request }) => list(wanted).includes(request.method),
  status: (wanted, { response }) => list(wanted).includes(response?.status),
  refused: (wanted, exchange) => (exchange.response!.status >= 400 || /[?&]error=/.test(textOf(exchange))) === wanted,
  grant_type: (wanted, { request }) => list(wanted).includes(new URLSearchParams(request.body ?? '').get('grant_type')),
  rpc: (wanted, { request }) => list(wanted).some((method) => request.body?.includes(`"method":"${String(method)}"`)),
  tool: (wanted, { request }) => list(wanted).some((name) => request.body?.includes(`"name":"${String(name)}"`)),
  token: (wanted, { request }) => /^(?:bearer|dpop) /i.test(headerOf(request, 'authorization') ?? '') === wanted,
  reason: (wanted, { reason }) => list(wanted).includes(reason),
};

/** What a text claims of the answer it stands beside, and whether it is so. */
const claims: readonly (readonly [RegExp, (exchange: Exchange) => boolean])[] = [
  [/\bno `error`/i, (exchange) => !/[\s,]error=/.test(headerOf(exchange.response, 'www-authenticate') ?? '')],
  [/`no-store`/, (exchange) => textOf(exchange).includes('no-store')],
  [
    /there is no session/i,
    ({ request, response }) => headerOf(response, 'mcp-session-id') === null && !request.body?.includes('"initialize"'),
  ],
  [/left no trace in the result/i, ({ request }) => !request.body?.includes('whoami')],
  [/to the server's own page/i, (exchange) => !/[?&]code=/.test(textOf(exchange))],
  [/^Still `DPoP`/, (exchange) => /"token_type":\s*\\?"DPoP/.test(textOf(exchange))],
  [/the same as before/i, ({ request }) => !/(?:^|&)scope=/.test(request.body ?? '')],
  [/^`token`: the value/, ({ request }) => /[?&]response_type=token\b/.test(request.url)],
  [/^Known, and not allowed/, (exchange) => textOf(exchange).includes('insufficient_scope')],
];

describe('the notes', () => {
  test('are conditions as data, and some fit what was recorded', () => {
    expect(notes.length).toBeGreaterThan(50);
    const shown = new Set(recorded.flatMap((exchange) => notesFor(notes, exchange)));
    expect(shown.size).toBeGreaterThan(25);
  });

  test.each(notes.map((note, index) => [index, `${note.side} ${note.lemma}`, note] as const))(
    'note %d, beside %s, stands beside no exchange of which it is not true',
    (_index, _place, note: EndpointNote) => {
      const wrong = recorded.filter((exchange) => {
        if (notesFor([note], exchange).length === 0) return false;
        const broken = Object.entries(note.when).some(([name, wanted]) => means[name]?.(wanted, exchange) === false);
        return broken || claims.some(([says, isSo]) => says.test(note.text) && !isSo(exchange));
      });
      expect(wrong.map(({ seq, endpoint, response }) => [seq, endpoint, response?.status])).toEqual([]);
    },
  );

  test('nothing speaks of the steps of a walk', () => {
    const beforeIt =
      /\bstep \d|\banother token|\ba new (?:request|family)|\basked for before|\bby one \[\[consent|\bas ever/i;
    expect(notes.filter(({ text }) => beforeIt.test(text))).toEqual([]);
  });
});
