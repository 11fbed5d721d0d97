/** A class through the door: what participants send, what the wall is told, and what it is not. */
import { expect, test } from 'vitest';
import { writeMembership } from '#lib/guide/storage.ts';
import { engine, memoryStorage, newRun, openForTests, ORIGIN } from './lib/guide-engine.ts';

openForTests();

type Answer = { status: number; body: Record<string, never> & { [name: string]: never } };
async function call(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
  const response = await engine.fetch(`${ORIGIN}/api/classes${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

async function newClass(): Promise<{ id: string; token: string }> {
  const { status, body } = await call('POST', '', { track: 'authorization-code' });
  expect(status).toBe(201);
  return { id: String(body.id), token: String(body.control_token) };
}
async function join(id: string, name?: string): Promise<string> {
  const { status, body } = await call('POST', `/${id}/members`, name === undefined ? {} : { name });
  expect(status).toBe(201);
  return String(body.member_token);
}
const at = (id: string, token: string, place: object) => call('PUT', `/${id}/members/me`, place, token);
const wall = async (id: string, token: string) => (await call('GET', `/${id}/wall`, undefined, token)).body;

test('the wall shows how far each is, and no name that was not given', async () => {
  const { id, token } = await newClass();
  const [ada, other] = [await join(id, 'Ada'), await join(id)];
  expect((await at(id, ada, { step: 'token' })).status).toBe(204);
  expect((await at(id, other, { step: 'challenge' })).status).toBe(204);
  const { members } = await wall(id, token);
  const time = expect.any(String);
  expect(members).toEqual(
    expect.arrayContaining([
      { step: 'token', state: 'moving', name: 'Ada', seen_at: time },
      { step: 'challenge', state: 'moving', name: null, seen_at: time },
    ]),
  );
});

test('nothing but step, state, reason and guesses is taken', async () => {
  const { id } = await newClass();
  const member = await join(id);
  const place = { step: 'token', access_token: 'secret' };
  expect(await at(id, member, place)).toMatchObject({ status: 400 });
  expect(await at(id, member, { step: 'token', reason: 'a sentence, with a secret' })).toMatchObject({ status: 400 });
  expect(await call('POST', `/${id}/members`, { name: '<b>' })).toMatchObject({ status: 400 });
});

test('causes are told of three or more at a step, never of fewer', async () => {
  const { id, token } = await newClass();
  const members = await Promise.all([join(id), join(id), join(id)]);
  const stuck = { step: 'token', state: 'stuck', reason: 'code-expired' };
  await at(id, members[0]!, stuck);
  await at(id, members[1]!, stuck);
  expect((await wall(id, token)).causes).toEqual([]);
  await at(id, members[2]!, { step: 'token' });
  expect((await wall(id, token)).causes).toEqual([{ step: 'token', reason: 'code-expired', count: 2, of: 3 }]);
  expect(JSON.stringify((await wall(id, token)).members)).not.toContain('code-expired');
});

test('guesses are hidden until they are shown, and of fewer than three', async () => {
  const { id, token } = await newClass();
  const twice = 'authorization-code.token.twice';
  const guess = (option: number) => ({ step: 'token', guesses: { [twice]: option } });
  const members = await Promise.all([join(id), join(id), join(id)]);
  await at(id, members[0]!, guess(1));
  await at(id, members[1]!, guess(1));
  await call('PATCH', `/${id}`, { shown: [twice] }, token);
  expect((await wall(id, token)).guesses).toEqual([{ experiment: twice, count: 2, options: null }]);
  await at(id, members[2]!, guess(2));
  expect((await wall(id, token)).guesses).toEqual([{ experiment: twice, count: 3, options: [0, 2, 1] }]);
  await call('PATCH', `/${id}`, { shown: [] }, token);
  expect((await wall(id, token)).guesses).toEqual([{ experiment: twice, count: 3, options: null }]);
});

test('participants are told which step is presented, and only the wall says so', async () => {
  const { id, token } = await newClass();
  expect((await call('GET', `/${id}`)).body).toMatchObject({ presents: null });
  expect((await call('PATCH', `/${id}`, { presents: 'token' }, await join(id))).status).toBe(401);
  expect((await call('PATCH', `/${id}`, { presents: '<b>' }, token)).status).toBe(400);
  expect((await call('PATCH', `/${id}`, { presents: 'token' }, token)).status).toBe(200);
  expect((await call('GET', `/${id}`)).body).toMatchObject({ presents: 'token', open: true });
  await call('PATCH', `/${id}`, { presents: null }, token);
  expect((await call('GET', `/${id}`)).body).toMatchObject({ presents: null });
});

test('all clocks stand still when the wall says so, and only then', async () => {
  const { id, token } = await newClass();
  expect((await call('GET', `/${id}`)).body).toMatchObject({ frozen: false });
  expect((await call('PATCH', `/${id}`, { frozen: true }, await join(id))).status).toBe(401);
  expect((await call('PATCH', `/${id}`, { frozen: 'yes' }, token)).status).toBe(400);
  expect((await call('PATCH', `/${id}`, { frozen: true }, token)).body).toMatchObject({ frozen: true });
  expect((await call('GET', `/${id}`)).body).toMatchObject({ frozen: true });
  expect(await wall(id, token)).toMatchObject({ frozen: true });
  await call('PATCH', `/${id}`, { frozen: false }, token);
  expect((await call('GET', `/${id}`)).body).toMatchObject({ frozen: false });
});

test('one refusal is shown, by whoever was refused so and agrees, masked, and only while the wall asks', async () => {
  const { id, token } = await newClass();
  const [mine, other] = [await join(id, 'Ada'), await join(id)];
  const asked = { step: 'token', reason: 'code-expired' };
  await at(id, mine, { ...asked, state: 'stuck' });
  const shown = {
    ...asked,
    request: 'POST /s/k3v9abc/oauth/token\ncode=aB3dE5gH7jK9lM1n ada@example.org',
    response: '400\n{"error":"invalid_grant"}',
  };
  const show = (member: string, body: object = shown) => call('POST', `/${id}/members/me/shown`, body, member);
  expect((await show(mine)).status).toBe(409);
  expect((await call('PATCH', `/${id}`, { asks: asked }, mine)).status).toBe(401);
  await call('PATCH', `/${id}`, { asks: asked }, token);
  expect((await call('GET', `/${id}`)).body).toMatchObject({ asks: asked });
  expect((await show(other)).status).toBe(409);
  expect((await show(mine, { ...shown, reason: 'pkce-mismatch' })).status).toBe(409);
  expect((await show(mine, { ...shown, request: 'x'.repeat(20_000) })).status).toBe(400);
  expect((await show(mine, { ...shown, token: 'secret' })).status).toBe(400);
  expect((await call('POST', `/${id}/members/me/shown`, shown)).status).toBe(401);
  expect((await show(mine)).status).toBe(204);
  const told = await wall(id, token);
  expect(told.asks).toBeNull();
  expect(told.one).toEqual({
    ...asked,
    request: 'POST /s/…/oauth/token\ncode=… …@…',
    response: '400\n{"error":"invalid_grant"}',
  });
  // The wall has asked once: nobody else can take its place.
  expect((await show(mine)).status).toBe(409);
  await call('PATCH', `/${id}`, { one: null }, token);
  expect((await wall(id, token)).one).toBeNull();
});

test('a closed door lets nobody in, who leaves is forgotten, and the end is the end', async () => {
  const { id, token } = await newClass();
  const member = await join(id);
  expect(await call('PATCH', `/${id}`, { open: false }, token)).toMatchObject({ status: 200, body: { open: false } });
  expect((await call('POST', `/${id}/members`, {})).status).toBe(409);
  expect((await call('DELETE', `/${id}/members/me`, undefined, member)).status).toBe(204);
  expect((await at(id, member, { step: 'token' })).status).toBe(404);
  expect((await wall(id, token)).members).toEqual([]);
  expect((await call('DELETE', `/${id}`, undefined, token)).status).toBe(204);
  expect((await call('GET', `/${id}`)).status).toBe(404);
});

test('the wall takes its own token: neither none, nor that of a participant', async () => {
  const { id } = await newClass();
  const member = await join(id);
  for (const shown of [undefined, member, 'wrong']) {
    expect((await call('GET', `/${id}/wall`, undefined, shown)).status).toBe(401);
    expect((await call('PATCH', `/${id}`, { open: false }, shown)).status).toBe(401);
    expect((await call('DELETE', `/${id}`, undefined, shown)).status).toBe(401);
  }
  expect((await at(id, 'wrong', { step: 'token' })).status).toBe(404);
  expect((await call('PUT', `/${id}/members/me`, { step: 'token' })).status).toBe(401);
});

test('the stream tells of a change as it comes', async () => {
  const { id, token } = await newClass();
  const response = await engine.fetch(`${ORIGIN}/api/classes/${id}/wall/stream`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const reader = response
    .body!.pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>;
  expect((await reader.read()).value).toMatch(/^event: wall\ndata: \{"members":\[\]/);
  const next = reader.read();
  await at(id, await join(id), { step: 'token' });
  let text = (await next).value!;
  while (!text.includes('"step":"token"')) text += (await reader.read()).value!;
  expect(text).toContain('"state":"moving"');
  await reader.cancel();
});

test('a participant makes sandboxes in the name of the class', async () => {
  const { id } = await newClass();
  const token = await join(id);
  const storage = memoryStorage();
  writeMembership(storage, { id, token, track: 'authorization-code' });
  const made: (readonly [string | null, unknown])[] = [];
  const noting: typeof engine.fetch = (input, init) => {
    if (String(input).endsWith('/api/sandboxes'))
      made.push([new Headers(init?.headers).get('authorization'), JSON.parse(String(init?.body)).class]);
    return engine.fetch(input, init);
  };
  const run = newRun({ ...engine, fetch: noting }, storage);
  run.wake();
  await run.send('challenge');
  expect(made).toEqual([[`Bearer ${token}`, id]]);
});
