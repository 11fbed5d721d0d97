import { expect, test } from 'vitest';
import type { Json } from '../lib/sandbox.ts';
import { json } from '../lib/sandbox.ts';
import { grade } from './grading.ts';
import { instance, openForTests, time } from './opened.ts';

openForTests();

async function kept(input: Json = {}): Promise<{ made: Json; answer: Json; secret: string }> {
  const { client } = await grade(instance, time, {}, ['authorize.resource']);
  const { made } = client;
  const answer = await instance.ask(
    `http://localhost:3000/api/sandboxes/${made.id}/reports`,
    json('POST', input, { authorization: `Bearer ${made.control_token}` }),
  );
  expect(answer.status, answer.text).toBe(201);
  return { made, answer: answer.body, secret: client.tokens!.access_token };
}

const get = (url: string, headers: Record<string, string> = {}) => instance.ask(url, { headers });

test('a kept report outlives its sandbox, without secrets, with the exchanges that it cites', async () => {
  const { made, answer, secret } = await kept({ title: 'Before the release' });
  expect(answer.url).toBe(`http://localhost:3000/reports/${answer.id}`);
  await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${made.control_token}` },
  });
  const read = await get(answer.api);
  expect(read.status, read.text).toBe(200);
  expect(read.text).not.toContain(secret);
  const { title, summary, verdicts, exchanges } = read.body;
  expect([title, summary.fail]).toEqual(['Before the release', 1]);
  const failed = verdicts.find((one: Json) => one.verdict === 'fail');
  expect(failed).toMatchObject({
    rule: 'authorize.resource',
    level: 'MUST',
    title: expect.any(String),
    fix: expect.any(String),
  });
  const seqs = exchanges.map((one: Json) => one.seq);
  const cited = verdicts.flatMap((one: Json) => one.evidence.map(({ seq }: Json) => seq));
  expect(cited.length).toBeGreaterThan(0);
  expect(seqs).toEqual(expect.arrayContaining(cited));
});

test('it is given in every format, and its badge may be cached for five minutes', async () => {
  const { answer } = await kept();
  const badge = await get(answer.badge_url);
  expect([badge.headers.get('content-type'), badge.headers.get('cache-control')]).toEqual([
    'image/svg+xml; charset=utf-8',
    'public, max-age=300',
  ]);
  expect(badge.text).toMatch(/\d+ of \d+ MUST/);
  for (const format of ['junit', 'ctrf', 'markdown', 'badge'])
    expect((await get(`${answer.api}?format=${format}`)).status).toBe(200);
});

test('it is deleted by its own token or by the control token, and by no other', async () => {
  const one = await kept();
  const remove = (api: string, token: string) =>
    instance.ask(api, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect((await remove(one.answer.api, 'delete_other')).status).toBe(401);
  expect((await instance.ask(one.answer.api, { method: 'DELETE' })).status).toBe(401);
  expect((await remove(one.answer.api, one.answer.delete_token)).status).toBe(204);
  expect((await get(one.answer.api)).status).toBe(404);
  const two = await kept();
  expect((await remove(two.answer.api, two.made.control_token)).status).toBe(204);
});

test('it ends when its time is over; there are 20 of a sandbox at most', async () => {
  const { made, answer } = await kept({ ttl: 1 });
  time.sleep(1100);
  expect((await get(answer.api)).status).toBe(404);
  const keep = () =>
    instance.ask(
      `http://localhost:3000/api/sandboxes/${made.id}/reports`,
      json('POST', {}, { authorization: `Bearer ${made.control_token}` }),
    );
  for (let i = 0; i < 19; i += 1) expect((await keep()).status).toBe(201);
  const over = await keep();
  expect([over.status, over.body.error_description]).toEqual([400, expect.stringContaining('20 kept reports')]);
  expect((await get('http://localhost:3000/api/reports/00000000000000000000000000000000')).status).toBe(404);
});
