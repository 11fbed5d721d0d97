/** Each experiment of each track, run against the real engine: it gives what it expects. */
import { describe, expect, test } from 'vitest';
import { createApi } from '#lib/client/sandboxes.ts';
import { holdsFor } from '#lib/exchange/conditions.ts';
import { errorOf, headerOf, isRefused, jsonOf, parseObject, queryOfUrl } from '#lib/exchange/read.ts';
import { type ExperimentResult, runExperiment } from './experiments.ts';
import { listTracks, loadTrack } from './load.ts';
import { tamperSignature } from './tamper.ts';
import { experimentsPossible } from './offers.ts';
import { engine, mainTrack, openForTests, ORIGIN } from '../../tests/lib/guide-engine.ts';
import { claimNames } from '#lib/exchange/named.ts';
import { annotate } from '#components/exchange/anchor.ts';
import { requestLines, responseLines } from '#components/exchange/lines.ts';
import { lineText } from '#components/exchange/view.ts';
import { bareLemma, lemmasOf, noteFits } from '#lib/exchange/notes.ts';
import { locationOf } from './walker.ts';
import type { Exchange, ExchangeEntry, SandboxRef, Step, Track } from './types.ts';

openForTests();

const track = mainTrack();
const experiments = track.steps.flatMap((step) => step.experiments);
const api = () => createApi<Exchange>(ORIGIN, engine.fetch);
const run = (id: string) =>
  runExperiment(track, experiments.find((experiment) => experiment.id.endsWith(id))!, {
    origin: ORIGIN,
    fetch: engine.fetch,
    api: api(),
    now: Date.now,
  });

function exchangesOf(result: ExperimentResult): Exchange[] {
  return result.state!.log.flatMap((entry) => (entry.kind === 'exchange' ? [entry.exchange] : []));
}

/** What the MCP server says to a token in the copy. */
async function callWith(result: ExperimentResult, token: string | undefined): Promise<number> {
  const call = result.state!.log.findLast((entry) => entry.kind === 'exchange' && entry.exchange.endpoint === 'mcp');
  const body = call?.kind === 'exchange' ? call.exchange.request.body : null;
  const answer = await engine.fetch(result.sandbox!.mcp.oauth, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'notes_list',
      authorization: `Bearer ${token}`,
    },
  });
  return answer.status;
}

const tokenOf = (exchange: Exchange | undefined): string | undefined =>
  jsonOf(exchange?.response)?.access_token as string | undefined;

const every = listTracks()
  .map(({ id }) => loadTrack(id)!)
  .flatMap((of) =>
    of.steps.flatMap((step) => step.experiments.map((experiment) => [experiment.id, of, experiment] as const)),
  )
  .filter(([, , experiment]) => experiment.opens === null);

/** Every exchange of every experiment, for what is said beside them. */
const recorded: (readonly [Track, ExchangeEntry])[] = [];

describe('every experiment gives what it expects', () => {
  test.each(every)('%s', async (_id, of, experiment) => {
    const result = await runExperiment(of, experiment, {
      origin: ORIGIN,
      fetch: engine.fetch,
      api: api(),
      now: Date.now,
    });
    const road = result.state?.log.flatMap((entry) =>
      entry.kind === 'exchange'
        ? [`${entry.step} ${entry.request} ${entry.exchange.response?.status} ${entry.exchange.reason ?? ''}`]
        : [],
    );
    for (const entry of result.state?.log ?? []) if (entry.kind === 'exchange') recorded.push([of, entry]);
    expect(result.trouble).toBeNull();
    expect(result.outcome, [result.outcome?.line, result.outcome?.reason, ...(road ?? [])].join('\n')).toMatchObject({
      asExpected: true,
    });
  });
});

const claimsIn = (text: string | null | undefined) => claimNames(text ?? '');

/** What a note claims of the exchange that it stands beside, in words that can be checked. */
const claims: readonly (readonly [RegExp, (exchange: Exchange) => boolean])[] = [
  [/no `error`/, (exchange) => errorOf(exchange) === null],
  [/The client has no token/, (exchange) => headerOf(exchange.request, 'authorization') === null],
  [/there is no session/, (exchange) => headerOf(exchange.response, 'mcp-session-id') === null],
  [/left no trace in the result/, (exchange) => !(exchange.response?.body ?? '').includes('"sub"')],
  [/^No secret/, (exchange) => !(exchange.response?.body ?? '').includes('client_secret"')],
  [/No refresh token comes along/, (exchange) => !(exchange.response?.body ?? '').includes('"refresh_token"')],
  [/You, pressing Approve/, ({ request }) => !(request.body ?? '').includes('action=deny')],
  [/what was hashed does not/, ({ request }) => request.url.includes('code_challenge_method=S256')],
  [/`openid` makes this/, ({ request }) => /[=+]openid\b/.test(request.url)],
  [/^Both\. If one/, (exchange) => (exchange.response?.body ?? '').includes('notes:read notes:write')],
  [/^Inside: you, acting/, (exchange) => claimsIn(exchange.response?.body).includes('act')],
  [/the fingerprint of your key/, (exchange) => claimsIn(exchange.response?.body).includes('cnf')],
  [/no cache may keep it/, (exchange) => headerOf(exchange.response, 'cache-control')?.includes('no-store') === true],
];

describe('notes beside recorded exchanges', () => {
  test('a note is shown only if its condition holds, and what it claims is so', () => {
    const wrong: string[] = [];
    let [shown, hidden] = [0, 0];
    for (const [of, { step: id, request, exchange }] of recorded) {
      for (const note of of.steps.find((step) => step.id === id)?.notes ?? []) {
        if (note.request !== request) continue;
        const fit = noteFits(note, exchange);
        if (fit) shown += 1;
        else hidden += 1;
        const place = `${of.id}/${id} ${note.lemma}: ${note.note}`;
        if (fit && !holdsFor(note.when, exchange)) wrong.push(`${place} stands where its condition does not hold`);
        for (const [claim, holds] of claims)
          if (fit && claim.test(note.note) && !holds(exchange)) wrong.push(`${place} is not so`);
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
    expect(shown).toBeGreaterThan(500);
    expect(hidden).toBeGreaterThan(100);
  });

  test('nothing that is said of an answer stands beside a refusal of another kind', () => {
    const refused = recorded.filter(([, { exchange }]) => isRefused(exchange));
    const wrong = refused.flatMap(([of, { step: id, request, exchange }]) =>
      (of.steps.find((step) => step.id === id)?.notes ?? [])
        .filter((note) => note.request === request && note.side === 'response' && note.when.refused === false)
        .filter((note) => noteFits(note, exchange)),
    );
    expect(refused.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });
});

/** The line that a note hangs on, if it is one, and whether it names what the note is about. */
function leaderOf({ side, lemma, note: text }: Step['notes'][number], exchange: Exchange): string | null {
  const lines = side === 'request' ? requestLines(exchange.request) : responseLines(exchange.response!);
  const hung = annotate(lines, [{ side, lemma, text }]).filter(({ notes }) => notes.length > 0);
  if (hung.length !== 1) return `${hung.length} lines`;
  const { line } = hung[0]!;
  const said = [lineText(line), ...(line.claims ?? [])].join(' ').toLowerCase();
  const named = lemmasOf(lemma).some((one) => hasWord(said, bareLemma(one)));
  const isAbsent = headerOf(exchange.request, lemma) === null;
  return named && (line.absent !== true || isAbsent) ? null : `“${lineText(line).slice(0, 80)}”`;
}

/** Whether a text has a word that is not only a part of a longer one: `act` is not in `active`. */
function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text);
}

test('each note that is true hangs on one line, and it is the line that names what the note is about', () => {
  const wrong = new Set<string>();
  let hung = 0;
  for (const [of, { step: id, request, exchange }] of recorded) {
    for (const note of of.steps.find((step) => step.id === id)?.notes ?? []) {
      if (note.request !== request || !noteFits(note, exchange)) continue;
      const objection = leaderOf(note, exchange);
      if (objection !== null)
        wrong.add(`${of.id}/${id} ${note.side} ${note.lemma}: ${note.note} hangs on ${objection}`);
      hung += 1;
    }
  }
  expect([...wrong]).toEqual([]);
  expect(hung).toBeGreaterThan(500);
});

describe('and what it says besides', () => {
  test('no error in the challenge where nothing was sent', async () => {
    const result = await run('challenge.token-in-url');
    expect(headerOf(exchangesOf(result).at(-1)!.response, 'www-authenticate')).not.toContain('error');
  });

  test('the first refusal asks for the least', async () => {
    const result = await run('challenge.other-tool');
    expect(headerOf(exchangesOf(result).at(-1)!.response, 'www-authenticate')).toContain('scope="notes:read"');
  });

  test('without a method the client gets a secret, and client_secret_basic', async () => {
    const body = parseObject(exchangesOf(await run('registration.no-method')).at(-1)!.response!.body)!;
    expect(body.client_secret).toBeTypeOf('string');
    expect(body.token_endpoint_auth_method).toBe('client_secret_basic');
  });

  test('two registrations, two names', async () => {
    const ids = exchangesOf(await run('registration.twice'))
      .filter((exchange) => exchange.endpoint === 'register')
      .map((exchange) => jsonOf(exchange.response)!.client_id);
    expect(new Set(ids).size).toBe(2);
  });

  test('what means nothing is not kept', async () => {
    expect(
      parseObject(exchangesOf(await run('registration.unknown-member')).at(-1)!.response!.body),
    ).not.toHaveProperty('favourite_colour');
  });

  test('a denial carries state and iss', async () => {
    const last = exchangesOf(await run('authorization.deny')).at(-1)!;
    expect(Object.fromEntries(queryOfUrl(locationOf(last)!))).toMatchObject({
      error: 'access_denied',
      state: expect.any(String),
      iss: expect.stringContaining('/s/'),
    });
  });

  test('a code that comes twice takes its tokens along', async () => {
    const result = await run('token.twice');
    const token = tokenOf(exchangesOf(result).find((exchange) => exchange.endpoint === 'token'));
    expect(token).toBeDefined();
    expect(await callWith(result, token)).toBe(401);
  });

  test('redeemed at the same instant: one 200, one 400, and the tokens of the 200 are revoked', async () => {
    const result = await run('token.at-once');
    const answers = exchangesOf(result).filter((exchange) => exchange.endpoint === 'token');
    expect(answers.map((exchange) => exchange.response!.status).sort()).toEqual([200, 400]);
    expect(await callWith(result, tokenOf(answers.find((exchange) => exchange.response!.status === 200)))).toBe(401);
  });

  test('the 403 names the scope that it wants', async () => {
    const last = exchangesOf(await run('call.write')).at(-1)!;
    expect(headerOf(last.response, 'www-authenticate')).toContain('scope="notes:write"');
  });

  test('an old refresh token ends the family: the new access token too', async () => {
    const result = await run('refresh.reuse');
    const renewed = exchangesOf(result).findLast(
      (exchange) => exchange.grantType === 'refresh_token' && exchange.response!.status === 200,
    );
    expect(await callWith(result, tokenOf(renewed))).toBe(401);
  });

  test('refreshed at the same instant: one 200, one 400, and the family is over', async () => {
    const result = await run('refresh.at-once');
    const answers = exchangesOf(result).filter((exchange) => exchange.grantType === 'refresh_token');
    expect(answers.map((exchange) => exchange.response!.status).sort()).toEqual([200, 400]);
    expect(await callWith(result, tokenOf(answers.find((exchange) => exchange.response!.status === 200)))).toBe(401);
  });

  test('an access token given back leaves the family alive', async () => {
    const result = await run('revoke.access-only');
    expect(exchangesOf(result).at(-1)).toMatchObject({ grantType: 'refresh_token', response: { status: 200 } });
  });

  test('where revocation waits for expiry, the call is still answered', async () => {
    expect(exchangesOf(await run('revoke.self-contained')).at(-1)).toMatchObject({
      endpoint: 'mcp',
      response: { status: 200 },
    });
  });

  test('a wrong hint does not keep the token alive', async () => {
    expect(exchangesOf(await run('revoke.wrong-hint')).at(-1)).toMatchObject({
      endpoint: 'mcp',
      response: { status: 401 },
    });
  });

  test('a GET is told what would do', async () => {
    expect(
      headerOf(
        exchangesOf(await run('revoke.by-get')).find((exchange) => exchange.endpoint === 'revoke')!.response,
        'allow',
      ),
    ).toContain('POST');
  });
});

test('tampering changes one character, in the middle of the signature', () => {
  const token = 'aaa.bbb.cccccccc';
  const changed = tamperSignature(token);
  expect([...changed].filter((char, index) => char !== token[index])).toHaveLength(1);
  expect(changed.slice(0, 8)).toBe('aaa.bbb.');
});

test('this server offers what every experiment needs; another leaves out those that cannot be run', async () => {
  expect(await experimentsPossible(track, api())).toEqual(experiments.map(({ id }) => id));
  const bare = {
    ...api(),
    paths: async () => new Set(['/api/sandboxes', '/api/sandboxes/{id}', '/api/sandboxes/{id}/clock']),
  };
  const left = await experimentsPossible(track, bare);
  expect(experiments.filter(({ id }) => !left.includes(id)).map(({ id }) => id)).toEqual([
    'authorization-code.refresh.lost-answer',
  ]);
});

test('an experiment leaves the sandbox of the visitor alone: each has a copy of its own', async () => {
  const [a, b] = [await run('challenge.made-up-token'), await run('challenge.made-up-token')];
  expect(a.sandbox!.id).not.toBe(b.sandbox!.id);
});

test('all experiments that turn no knob share one copy, emptied each time', async () => {
  let kept: SandboxRef | null = null;
  let made = 0;
  const counting = {
    ...api(),
    create: (config?: Readonly<Record<string, unknown>>) => {
      made++;
      return api().create(config);
    },
  };
  const lab = {
    get: () => kept,
    set: (sandbox: SandboxRef) => {
      kept = sandbox;
    },
  };
  for (const experiment of experiments.filter(({ opens }) => opens === null)) {
    const result = await runExperiment(track, experiment, {
      origin: ORIGIN,
      fetch: engine.fetch,
      api: counting,
      now: Date.now,
      lab,
    });
    expect.soft({ id: experiment.id, ok: result.outcome?.asExpected, trouble: result.trouble }).toEqual({
      id: experiment.id,
      ok: true,
      trouble: null,
    });
  }
  expect(made).toBeLessThan(10);
});

test('out of reach is told, not thrown', async () => {
  const dead = () => Promise.reject(new TypeError('fetch failed'));
  const result = await runExperiment(track, experiments[0]!, {
    origin: ORIGIN,
    fetch: dead,
    api: createApi<Exchange>(ORIGIN, dead),
    now: Date.now,
  });
  expect(result).toMatchObject({ outcome: null, trouble: 'The server does not answer. Try again when it is back.' });
});
