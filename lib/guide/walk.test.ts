/** The whole main walk against the real engine, and what is derived from it at each moment. */
import { beforeEach, describe, expect, test } from 'vitest';
import { headerOf } from '#lib/exchange/read.ts';
import { chartOf } from './chart.ts';
import { derive, progress } from './derive.ts';
import { parseProgress, progressText, writeProgress } from './storage.ts';
import { spans } from './spans.ts';
import { fill } from './values.ts';
import { verifyToken } from './verify-token.ts';
import {
  decideAt,
  engine,
  factsOf,
  mainTrack,
  memoryStorage,
  newRun,
  openForTests,
  ORIGIN,
} from '../../tests/lib/guide-engine.ts';
import type { Facts, Run, WalkView } from './types.ts';

openForTests();

const track = mainTrack();
let storage = memoryStorage();
let run: Run;
beforeEach(async () => {
  storage = memoryStorage();
  run = newRun(engine, storage);
  await run.wake();
});

const look = (viewing: string | null = null, at: Partial<Facts> = {}): WalkView =>
  derive(track, factsOf(run, { viewing, ...at }));
const statuses = () => look().steps.map((step) => step.status);
const lines = () => look().steps.map((step) => step.line.map((span) => span.text).join(''));

/** A new page in the same browser. */
async function reload(): Promise<void> {
  run = newRun(engine, storage);
  await run.wake();
}

async function consent(action: 'auto' | 'deny' = 'auto'): Promise<void> {
  await run.prepare('authorization');
  const away = await run.send('authorization');
  expect(away).toContain('/oauth/authorize?');
  const back = await decideAt(engine, away!, action);
  await reload();
  expect(await run.returned(back!)).toBe('authorization');
}

async function walkTo(step: string): Promise<void> {
  for (const { id } of track.steps) {
    if (id === step) return;
    if (id === 'authorization') await consent();
    else expect.soft(await run.send(id)).toBeNull();
  }
}

describe('the walk', () => {
  test('begins with one step ready and the rest waiting, each for something', () => {
    expect(statuses()).toEqual(['ready', 'locked', 'locked', 'locked', 'locked', 'locked', 'locked', 'locked']);
    expect(lines()).toEqual([
      'ready to send',
      'waits for a signpost',
      'waits for the endpoints',
      'waits for a client_id',
      'waits for a code',
      'waits for an access token',
      'waits for a refresh token',
      'waits for tokens',
    ]);
    expect(look().wire.empty).toBe('Nothing has travelled yet.');
    expect(look('token').action).toMatchObject({
      enabled: false,
      label: 'Redeem the code',
      waitsFor: { step: 'challenge' },
    });
  });

  test('from the first refusal to the last sign-out, reloaded after every step', async () => {
    for (const step of track.steps) {
      expect.soft(look().current).toBe(step.id);
      expect.soft(look().action).toMatchObject({ kind: 'send', step: step.id, label: step.action, enabled: true });
      if (step.id === 'authorization') await consent();
      else await run.send(step.id);
      const now = Date.now();
      const before = look(null, { now }).steps;
      await reload();
      expect.soft(look(null, { now }).steps).toEqual(before);
      expect.soft(look().steps.find((view) => view.id === step.id)).toMatchObject({ status: 'done' });
    }
    expect(statuses()).toEqual(track.steps.map(() => 'done'));
    expect(look()).toMatchObject({ finished: true, current: null, done: 8, action: { kind: 'finish' } });
    expect(lines()).toEqual([
      '401 with a signpost',
      '2 documents found',
      expect.stringMatching(/^client_id c_/),
      'code, state, iss all check',
      'access and refresh token, 3600 s',
      '200, 3 notes',
      'renewed, generation 2',
      'all revoked',
    ]);
  });

  test('every exchange has its true record, with what the server did between', async () => {
    await walkTo('done');
    const entries = run.snapshot().state.log.filter((entry) => entry.kind === 'exchange');
    expect(entries.map((entry) => `${entry.exchange.endpoint} ${entry.source}`)).toEqual([
      'mcp recorder',
      'prm recorder',
      'as-metadata recorder',
      'register recorder',
      'authorize recorder',
      'consent recorder',
      'callback page',
      'token recorder',
      'mcp recorder',
      'mcp recorder',
      'token recorder',
      'revoke recorder',
      'mcp recorder',
    ]);
    for (const entry of entries.filter((one) => one.source === 'recorder'))
      expect.soft(entry.exchange.between.length, entry.key).toBeGreaterThan(0);
  });

  test('every note stands beside a line that holds its lemma', async () => {
    await walkTo('done');
    for (const step of track.steps) {
      for (const { entry, notes } of look(step.id).exchanges) {
        const { request, response } = entry.exchange;
        const text = (side: 'request' | 'response') => {
          const message = side === 'request' ? request : response;
          const head =
            side === 'request' ? `${request.method} ${request.url}` : `${response?.status} ${response?.statusText}`;
          return [head, ...(message?.headers ?? []).map(([name, value]) => `${name}: ${value}`), message?.body ?? '']
            .join('\n')
            .toLowerCase();
        };
        for (const note of notes) {
          // The first call has no token, which is what its note is about; a script sends no Origin.
          if ((note.lemma === 'Authorization' && step.id === 'challenge') || note.lemma === 'Origin') continue;
          expect.soft(text(note.side), `${step.id}: ${note.lemma}`).toContain(note.lemma.toLowerCase());
        }
      }
    }
  });

  test('what the track says that the server checks, it checks: every reason has its line between', async () => {
    await walkTo('done');
    const known: Record<string, string> = {
      'token-absent': 'token-present',
      'code-expired': 'code-alive',
      'code-spent': 'code-unspent',
      'code-unknown': 'code-known',
      'verifier-mismatch': 'verifier-matches',
      'token-audience': 'token-audience',
      'refresh-spent': 'refresh-unused',
      'challenge-missing': 'code-challenge',
      'resource-outside-grant': 'resource-within',
    };
    const done = new Set(
      run
        .snapshot()
        .state.log.flatMap((entry) =>
          entry.kind === 'exchange' ? entry.exchange.between.map((check) => check.check) : [],
        ),
    );
    for (const check of Object.values(known)) expect.soft(done, check).toContain(check);
  });

  test('a request that was sent is shown as it was sent, also when its values have moved on', async () => {
    await walkTo('done');
    for (const step of track.steps.filter(({ id }) => id !== 'authorization')) {
      const view = look(step.id);
      for (const { entry } of view.exchanges) {
        const request = view.requests.find((candidate) => candidate.id === entry.request)!;
        expect.soft({ step: step.id, url: request.url, body: request.body }).toEqual({
          step: step.id,
          url: entry.exchange.request.url,
          body: entry.exchange.request.body,
        });
        expect
          .soft(headerOf(entry.exchange.request, 'authorization'))
          .toBe(request.headers.find(([name]) => name === 'Authorization')?.[1] ?? null);
      }
    }
  });

  test('the sandbox is made at the first step and kept', async () => {
    expect(run.snapshot().state.sandbox).toBeNull();
    expect(look().requests[0]!.url).toBe(`${ORIGIN}/s/…/mcp`);
    await run.send('challenge');
    const { id } = run.snapshot().state.sandbox!;
    await reload();
    expect(run.snapshot().state.sandbox!.id).toBe(id);
    await run.send('discovery');
    expect(look('discovery').requests[0]!.url).toContain(id);
  });
});

describe('consent', () => {
  beforeEach(() => walkTo('authorization'));

  test('state, verifier and challenge are made when the step is shown, and once', async () => {
    await run.prepare('authorization');
    const { code_challenge: challenge, state } = look().bag;
    await Promise.all([run.prepare('authorization'), run.prepare('authorization')]);
    expect(look().bag.code_challenge).toEqual(challenge);
    expect(look('authorization').requests[0]!.url).toContain(`state=${state!.value}`);
    expect(look().holdings.find((row) => row.id === 'code_verifier')).toMatchObject({
      client: { value: expect.any(String) },
      as: { absent: 'not seen yet' },
      relation: null,
    });
  });

  test('left open, the step is with you, and says where to go on', async () => {
    await run.prepare('authorization');
    const away = await run.send('authorization');
    await decideAt(engine, away!, 'stay');
    await reload();
    expect(look('authorization')).toMatchObject({
      status: 'running',
      action: { kind: 'resume', href: expect.stringContaining('/consent/') },
    });
    expect(lines()[3]).toBe('with you, at the consent page');
  });

  test('never reached, the URL can be opened again', async () => {
    await run.prepare('authorization');
    await run.send('authorization');
    await reload();
    expect(look('authorization').action).toMatchObject({
      kind: 'send',
      step: 'authorization',
      label: 'Send the user to consent again',
    });
    await consent();
    expect(statuses()[3]).toBe('done');
  });

  test('denied, the client hears it, and the way back is another try', async () => {
    await consent('deny');
    const view = look('authorization');
    expect(view.status).toBe('failed');
    expect(view.failure).toMatchObject({
      error: 'access_denied',
      reason: 'consent-denied',
      says: 'The user said no.',
      wayBack: { kind: 'again' },
    });
    await consent();
    expect(statuses()[3]).toBe('done');
  });

  test('a refused request leaves nothing behind, but the server has read its state, which came back', async () => {
    run.edit('authorization', 'authorize', 'query:response_type', { value: 'token' });
    await run.prepare('authorization');
    const held = () => look('authorization').holdings.find((row) => row.id === 'state')!;
    expect(held().as.absent).toBe('not seen yet');
    const back = await decideAt(engine, (await run.send('authorization'))!, 'auto');
    expect(back).toContain('error=unsupported_response_type');
    await run.returned(back!);
    expect(held().as.absent).toBe('not kept');
  });

  test('the code lives by the ruler, and waits by the second', async () => {
    await consent();
    const view = look('token');
    expect(view.codeLife).toMatchObject({ state: 'alive', lifetime: 60 });
    expect(view.codeLife.left).toBeGreaterThan(50);
    expect(lines()[4]).toMatch(/^ready, \d\d s left$/);
    const later = Date.now() + 61_000;
    expect(look('token', { now: later }).codeLife.state).toBe('expired');
    expect(look('token', { now: later }).action).toMatchObject({
      step: 'authorization',
      label: 'Send the user to consent',
    });
    expect(look('token', { now: later }).steps[4]!.line).toEqual([{ text: 'the code has expired' }]);
  });

  test('an answer with another state is dropped before the code is held', async () => {
    await run.prepare('authorization');
    const away = await run.send('authorization');
    const back = await decideAt(engine, away!, 'auto');
    await run.returned(back!.replace(/state=[^&]+/, 'state=planted'));
    expect(look('authorization').failure).toMatchObject({
      reason: 'client-state-mismatch',
      evidence: { got: 'planted' },
    });
    expect(look().bag.code).toBeUndefined();
  });

  test('an answer that nobody waits for is dropped: a planted link plants no code', async () => {
    await run.returned(`${ORIGIN}/guide/callback?code=planted`);
    expect(look('authorization').failure).toMatchObject({ reason: 'client-state-mismatch' });
    expect(look().bag.code).toBeUndefined();
    await consent();
    expect(statuses()[3]).toBe('done');
  });

  test('an answer by another issuer, or by none, goes nowhere', async () => {
    await run.prepare('authorization');
    const back = await decideAt(engine, (await run.send('authorization'))!, 'auto');
    await run.returned(back!.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fhonest.example'));
    expect(look('authorization').failure).toMatchObject({ reason: 'client-iss-mismatch' });
    await run.prepare('authorization');
    const again = await decideAt(engine, (await run.send('authorization'))!, 'auto');
    await run.returned(again!.replace(/&iss=[^&]+/, ''));
    expect(look('authorization').failure).toMatchObject({ reason: 'client-iss-missing' });
    expect(look().bag.code).toBeUndefined();
  });

  test('an address that is not registered ends on a page, which the guide finds out about', async () => {
    run.edit('authorization', 'authorize', 'query:redirect_uri', { value: `${ORIGIN}/guide/callback/` });
    expect(
      look('authorization').requests[0]!.parameters.find((parameter) => parameter.key === 'query:redirect_uri'),
    ).toMatchObject({ edited: true, differsAt: `${ORIGIN}/guide/callback`.length + 1 });
    await run.prepare('authorization');
    const away = await run.send('authorization');
    expect(await decideAt(engine, away!, 'auto')).toBeNull();
    await reload();
    const view = look('authorization');
    expect(view.failure).toMatchObject({
      reason: 'redirect-uri-unregistered',
      status: 400,
      explain: expect.stringContaining('the client hears nothing'),
      wayBack: { kind: 'restore' },
    });
    run.restore('authorization');
    await consent();
    expect(statuses()[3]).toBe('done');
  });

  test('coming back twice counts once', async () => {
    await consent();
    const length = run.snapshot().state.log.length;
    const callback = run.snapshot().state.log.at(-1)!;
    if (callback.kind === 'exchange') await run.returned(callback.exchange.request.url);
    expect(run.snapshot().state.log).toHaveLength(length);
  });
});

describe('wrong edits lead to the real error, explained, with the way back', () => {
  test('another verifier', async () => {
    await walkTo('token');
    run.edit('token', 'token', 'form:code_verifier', { value: 'x'.repeat(43) });
    await run.send('token');
    expect(look('token').failure).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      reason: 'verifier-mismatch',
      edited: ['code_verifier'],
      wayBack: { kind: 'restore', label: 'Restore code_verifier' },
      clause: { label: 'RFC 7636 §4.6' },
    });
    expect(lines()[4]).toBe('400 invalid_grant: verifier mismatch');
    run.restore('token');
    await run.send('token');
    expect(statuses()[4]).toBe('done');
  });

  test('a client without a name', async () => {
    await walkTo('token');
    run.edit('token', 'token', 'form:client_id', { value: '', omitted: true });
    await run.send('token');
    expect(look('token').failure).toMatchObject({
      status: 401,
      error: 'invalid_client',
      reason: 'client-unidentified',
    });
  });

  test('a code that is redeemed twice takes its tokens along, and the way back is a new one', async () => {
    await walkTo('call');
    await run.send('token');
    const view = look('token');
    expect(view.failure).toMatchObject({ reason: 'code-spent', wayBack: { kind: 'restart', step: 'authorization' } });
    expect(view.holdings.find((row) => row.id === 'access_token')).toMatchObject({
      as: { absent: expect.stringMatching(/^revoked at/) },
    });
    expect(look('call').action).toMatchObject({ step: 'authorization' });
    run.restart('authorization');
    await consent();
    await run.send('token');
    expect(statuses().slice(0, 5)).toEqual(track.steps.slice(0, 5).map(() => 'done'));
  });

  test('a redirect URI with a fragment', async () => {
    await walkTo('registration');
    run.edit('registration', 'register', 'json:/redirect_uris/0', { value: `${ORIGIN}/guide/callback#x` });
    await run.send('registration');
    expect(look('registration').failure).toMatchObject({
      reason: 'redirect-uri-fragment',
      explain: expect.stringContaining('without a `#`'),
    });
    expect(statuses()[3]).toBe('locked');
  });

  test('a made-up token in the first call', async () => {
    run.edit('challenge', 'call', 'header:Authorization', { value: 'Bearer undefined', omitted: false });
    expect(look().requests[0]!.headers).toContainEqual(['Authorization', 'Bearer undefined']);
    await run.send('challenge');
    const entry = run.snapshot().state.log.at(-1)!;
    expect(entry.kind === 'exchange' && headerOf(entry.exchange.response, 'www-authenticate')).toContain(
      'error="invalid_token"',
    );
  });

  test('each edit that a step warns of brings the reason that it says', async () => {
    const edits: readonly (readonly [string, string, string, string, string])[] = [
      [
        'discovery',
        'resource-metadata',
        'path:url',
        '{base}/mcp/.well-known/oauth-protected-resource',
        'metadata-unknown',
      ],
      ['discovery', 'resource-metadata', 'path:url', '{base}/nothing', 'path-unknown'],
      [
        'discovery',
        'as-metadata',
        'path:url',
        `${ORIGIN}/.well-known/oauth-authorization-server`,
        'client-issuer-mismatch',
      ],
      ['registration', 'register', 'json:/token_endpoint_auth_method', 'magic', 'client-metadata-invalid'],
      ['authorization', 'authorize', 'query:code_challenge', '', 'challenge-missing'],
      ['authorization', 'authorize', 'query:code_challenge', 'short', 'challenge-malformed'],
      ['authorization', 'authorize', 'query:scope', 'more', 'scope-unknown'],
      ['refresh', 'refresh', 'form:grant_type', 'authorization_code', 'parameter-missing'],
      ['refresh', 'refresh', 'form:scope', 'notes:read notes:write', 'scope-beyond-grant'],
      ['revoke', 'revoke', 'form:token', '', 'parameter-missing'],
    ];
    for (const [step, request, key, value, reason] of edits) {
      if (look(step).status === 'locked') await walkTo(step);
      run.restore(step);
      run.edit(step, request, key, { value: fill(value, look().bag) });
      if (step === 'authorization') await consent();
      else await run.send(step);
      expect.soft(look(step).failure, `${step} ${key} ${value}`).toMatchObject({
        reason,
        explain: expect.any(String),
        edited: [key.slice(key.indexOf(':') + 1)],
      });
      run.restart(step);
    }
  });

  test('giving back the access token alone leaves the step undone, and says why', async () => {
    await walkTo('revoke');
    run.edit('revoke', 'revoke', 'form:token', { value: look().bag.access_token!.value });
    await run.send('revoke');
    expect(look('revoke').failure).toMatchObject({ explain: expect.stringContaining('the refresh token is not') });
  });

  test('the header of another tool is refused before any tool runs', async () => {
    await walkTo('call');
    run.edit('call', 'call', 'header:Mcp-Name', { value: 'whoami' });
    await run.send('call');
    expect(look('call').failure).toMatchObject({ status: 400, reason: 'header-mismatch' });
  });
});

describe('going back', () => {
  test('registering again marks what rests on the old name as stale, and names the cause', async () => {
    await walkTo('refresh');
    await run.send('registration');
    expect(statuses()).toEqual(
      ['done', 'done', 'done', 'stale', 'stale', 'stale', 'ready', 'locked'].map((status, index) =>
        index === 7 ? 'ready' : status,
      ),
    );
    expect(lines()[3]).toBe('stale: client_id was changed in step 3');
    expect(look('authorization').action.label).toBe('Send the user to consent again');
    expect(
      look()
        .wire.messages.filter((message) => message.step === 'token')
        .every((message) => message.state === 'stale'),
    ).toBe(true);
  });

  test('renewing is not changing: the call of step 6 stays done', async () => {
    await walkTo('revoke');
    expect(statuses()[5]).toBe('done');
  });

  test('restarting a step forgets it and what came after', async () => {
    await walkTo('refresh');
    run.restart('registration');
    expect(statuses()).toEqual(['done', 'done', 'ready', 'locked', 'locked', 'locked', 'locked', 'locked']);
    await walkTo('done');
  });

  test('an edit that is not sent yet makes the step’s own action the primary one', async () => {
    await walkTo('authorization');
    run.edit('registration', 'register', 'json:/client_name', { value: 'Mine' });
    expect(look('registration')).toMatchObject({
      status: 'done',
      action: { step: 'registration', label: 'Register this client again' },
    });
    expect(
      look('registration').requests[0]!.parameters.find((parameter) => parameter.parameter.name === 'client_name'),
    ).toMatchObject({ edited: true, spans: [{ text: 'Mine' }] });
    await run.send('registration');
    expect(look().bag.client_name!.value).toBe('Mine');
    expect(look('registration').action.step).toBe('authorization');
  });

  test('a list is typed with spaces, and a member can be left out', async () => {
    await walkTo('registration');
    run.edit('registration', 'register', 'json:/grant_types', { value: 'authorization_code' });
    run.edit('registration', 'register', 'json:/response_types', { value: null, omitted: true });
    const body = JSON.parse(look('registration').requests[0]!.body!);
    expect(body.grant_types).toEqual(['authorization_code']);
    expect(body).not.toHaveProperty('response_types');
  });

  test('reset forgets the run and its sandbox', async () => {
    await walkTo('authorization');
    run.reset();
    expect(statuses()[0]).toBe('ready');
    expect(run.snapshot().state.sandbox).toBeNull();
  });
});

describe('what is shown', () => {
  test('holdings: the same, hashed, signed, and what is over', async () => {
    await walkTo('token');
    const row = (id: string) => look().holdings.find((candidate) => candidate.id === id)!;
    expect(row('client_id').relation).toBe('=');
    expect(row('code_verifier')).toMatchObject({ relation: 'S256', as: { name: 'code_challenge' } });
    expect(row('code')).toMatchObject({ relation: 'hash', as: { value: expect.stringMatching(/^[\w-]{43}$/) } });
    expect(row('state').as.absent).toBe('not kept');
    await run.send('token');
    expect(row('code')).toMatchObject({
      client: { ended: true },
      as: { absent: expect.stringMatching(/^spent at \d\d:\d\d:\d\d$/) },
    });
    expect(row('access_token').relation).toBe('signed');
    expect(row('refresh_token').relation).toBe('hash');
    expect(look().codeLife).toMatchObject({
      state: 'spent',
      says: expect.stringMatching(/^redeemed at .* in exchange 8$/),
    });
  });

  test('the wire: messages with their beads, bars for what is held, and the same in words', async () => {
    await walkTo('call');
    const { wire } = look();
    const message = (label: string) => wire.messages.find((candidate) => candidate.label === label);
    expect(message('GET /authorize')!.beads).toEqual(
      expect.arrayContaining(['client_id', 'state', 'code_challenge', 'resource']),
    );
    expect(message('302 with code')!.beads).toEqual(expect.arrayContaining(['code', 'state', 'iss']));
    expect(message('POST /token')!.beads).toEqual(expect.arrayContaining(['code', 'code_verifier']));
    expect(wire.messages.filter((candidate) => candidate.newest)).toHaveLength(1);
    expect(wire.bars.map((bar) => `${bar.value} ${bar.alive}`)).toEqual(['code_verifier false', 'code false']);
    expect(wire.alt[0]).toBe('Step 1. Client to the MCP server: POST /mcp, answered 401.');
    expect(wire.alt.at(-1)).toBe('Step 6, next: Call the tool with the token.');
    expect(wire.messages.filter((candidate) => candidate.step === 'revoke')).toMatchObject([{ state: 'future' }]);
  });

  test('a value has its colour wherever it appears', async () => {
    await walkTo('call');
    const [view] = look('token').exchanges;
    const found = spans(view!.entry.exchange.request.body!, view!.bag, view!.prefer)
      .filter((span) => span.value)
      .map((span) => span.value);
    expect(found).toEqual(['code', 'redirect_uri', 'client_id', 'code_verifier', 'resource']);
  });

  test('the token is verified in the browser, and a spoilt one is not', async () => {
    await walkTo('call');
    const { bag } = look();
    const good = await verifyToken(bag.access_token!.value, bag, { fetch: engine.fetch, now: Date.now() });
    expect(good.checks.map((check) => check.ok)).toEqual([true, true, true, true, true, true]);
    expect(good.says).toMatch(/^Verified here/);
    const spoilt = await verifyToken(
      bag.access_token!.value.replace(/\.[^.]{20}/, (part) => `.${part.slice(1).split('').reverse().join('')}`),
      bag,
      { fetch: engine.fetch, now: Date.now() },
    );
    expect(spoilt.decoded === null || spoilt.checks.some((check) => !check.ok)).toBe(true);
    const nowhere = await verifyToken(bag.access_token!.value, bag, {
      fetch: async () => Response.json({ error: 'not_found' }, { status: 404 }),
      now: Date.now(),
    });
    expect(nowhere.says).toMatch(/^The public keys could not be read/);
    const late = await verifyToken(bag.access_token!.value, bag, { fetch: engine.fetch, now: Date.now() + 4_000_000 });
    expect(late.checks.filter((check) => !check.ok).map((check) => check.says)).toEqual(['exp is still to come']);
  });

  test('the lifetime of a code is the one that the sandbox has', async () => {
    await walkTo('authorization');
    const { sandbox } = run.snapshot().state;
    await engine.fetch(`${ORIGIN}/api/sandboxes/${sandbox!.id}`, {
      method: 'PATCH',
      body: '{"config":{"code.lifetime":7}}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox!.control_token}` },
    });
    await consent();
    const { codeLife } = look('token');
    expect(codeLife).toMatchObject({ state: 'alive', lifetime: 7 });
    expect(codeLife.left).toBeLessThanOrEqual(7);
  });

  test('the clock of the sandbox rules the ruler', async () => {
    await walkTo('token');
    const { sandbox } = run.snapshot().state;
    await engine.fetch(`${ORIGIN}/api/sandboxes/${sandbox!.id}/clock`, {
      method: 'POST',
      body: '{"advance":61}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${sandbox!.control_token}` },
    });
    await run.send('token');
    expect(look('token').failure).toMatchObject({ reason: 'code-expired' });
    expect(look().codeLife.state).toBe('expired');
  });

  test('the run against time: pauses cut, values from birth to end', async () => {
    await walkTo('done');
    const { state } = run.snapshot();
    const chart = chartOf(track, { state, running: null, now: Date.now(), viewing: null, origin: ORIGIN }, true);
    expect(chart.ticks).toHaveLength(13);
    expect(chart.ticks.every((tick) => tick.end >= tick.start && tick.end <= chart.width + 1)).toBe(true);
    expect(chart.bars.find((bar) => bar.value === 'code')).toMatchObject({ how: 'spent' });
    expect(chart.closing).toMatch(/^13 exchanges in [\d.]+ s.*The verifier was a secret for .*Nothing that is drawn/);
    expect(
      chartOf(
        track,
        { state: newRun(engine, null as never).snapshot().state, running: null, now: 0, viewing: null, origin: ORIGIN },
        false,
      ).empty,
    ).not.toBeNull();
  });

  test('how far a run is, for the index', async () => {
    await walkTo('authorization');
    expect(progress(track, run.snapshot().state, Date.now(), ORIGIN)).toMatchObject({
      done: 3,
      total: 8,
      begun: true,
      finished: false,
      next: { id: 'authorization' },
    });
    const { done, total, current } = look();
    writeProgress(storage, track.id, { done, total, next: current ?? 'done' });
    expect(parseProgress(progressText(storage, track.id))).toEqual({ done: 3, total: 8, next: 'authorization' });
    expect(parseProgress(progressText(memoryStorage(), track.id))).toBeNull();
  });
});

describe('experiments in a run', () => {
  test('guess, run, reveal', async () => {
    run.guess('authorization-code.challenge.made-up-token', 0);
    expect(look().experiments[0]).toMatchObject({ state: 'guessed', right: null });
    await run.experiment('authorization-code.challenge.made-up-token');
    expect(look().experiments[0]).toMatchObject({
      state: 'revealed',
      right: false,
      line: '401 `invalid_token`, as a challenge. You guessed: Nothing: the same 401.',
    });
    expect(run.snapshot().state.sandbox).toBeNull();
    expect(statuses()[0]).toBe('ready');
    await reload();
    expect(look().experiments[0]).toMatchObject({ state: 'revealed' });
  });
});

describe('trouble', () => {
  test('a server out of reach is told, and nothing is lost', async () => {
    await run.send('challenge');
    const dead = newRun({ fetch: () => Promise.reject(new TypeError('fetch failed')), close: async () => {} }, storage);
    await dead.wake();
    await dead.send('discovery');
    const view = derive(track, factsOf(dead, { viewing: 'discovery' }));
    expect(view.failure).toMatchObject({ status: null, says: expect.stringContaining('No answer came') });
    expect(view.steps[0]!.status).toBe('done');
  });

  test('a sandbox that is gone is told, and the next step begins anew', async () => {
    await run.send('challenge');
    const { sandbox } = run.snapshot().state;
    await engine.fetch(`${ORIGIN}/api/sandboxes/${sandbox!.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${sandbox!.control_token}` },
    });
    await reload();
    expect(run.snapshot().state.lost).toBe(true);
    expect(look('discovery').action).toMatchObject({ step: 'challenge', label: 'Begin again in a new sandbox' });
    expect(statuses()[0]).toBe('done');
    await run.send('challenge');
    expect(run.snapshot().state.lost).toBe(false);
    expect(run.snapshot().state.sandbox!.id).not.toBe(sandbox!.id);
  });

  test('a full or broken storage costs the memory, not the run', async () => {
    const broken = {
      getItem: () => {
        throw new Error('no');
      },
      setItem: () => {
        throw new Error('full');
      },
      removeItem: () => {},
    };
    const other = newRun(engine, broken);
    await other.wake();
    await other.send('challenge');
    expect(other.snapshot().state.log).toHaveLength(1);
  });

  test('a press before the page is awake goes on where the run was', async () => {
    await run.send('challenge');
    const { sandbox } = run.snapshot().state;
    const sleepy = newRun(engine, storage);
    await sleepy.send('discovery');
    expect(sleepy.snapshot().state.sandbox).toEqual(sandbox);
    expect(sleepy.snapshot().state.log).toHaveLength(3);
  });

  test('what another version kept is not read', async () => {
    storage.setItem('authwalk.run.authorization-code', '{"version":0,"log":[]}');
    await reload();
    expect(run.snapshot().state.log).toEqual([]);
  });
});
