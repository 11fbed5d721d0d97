/** The whole main walk against the real engine, and what is derived from it at each moment. */
import { beforeEach, describe, expect, test } from 'vitest';
import { headerOf } from '#lib/exchange/read.ts';
import { chartOf } from './chart.ts';
import { progress } from './derive.ts';
import { parseProgress, progressText, writeProgress } from './storage.ts';
import { spans } from './spans.ts';
import { verifyToken } from './verify-token.ts';
import { decideAt, engine, memoryStorage, newRun, ORIGIN } from '../../tests/lib/guide-engine.ts';
import {
  consent,
  lines,
  look,
  openWalk,
  reload,
  run,
  statuses,
  storage,
  track,
  walkTo,
} from '../../tests/lib/guide-walk.ts';

openWalk();

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
