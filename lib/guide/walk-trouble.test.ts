/** The main walk when something goes wrong in it: wrong edits, ways back, a server that is gone. */
import { describe, expect, test } from 'vitest';
import { headerOf } from '#lib/exchange/read.ts';
import { derive } from './derive.ts';
import { fill } from './values.ts';
import { engine, factsOf, newRun, ORIGIN } from '../../tests/lib/guide-engine.ts';
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
