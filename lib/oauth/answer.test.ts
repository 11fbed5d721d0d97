import { expect, test } from 'vitest';
import { json } from './answer.ts';

const made = () => json({ a: 'ü' }, { status: 400, headers: { 'x-more': 'yes' } });

test.each([
  ['text', async (answer: Response) => JSON.parse(await answer.text())],
  ['json', (answer: Response) => answer.json()],
  ['bytes', async (answer: Response) => JSON.parse(new TextDecoder().decode(await answer.arrayBuffer()))],
  ['clone', async (answer: Response) => (await answer.clone().json()) && answer.json()],
  ['copy', (answer: Response) => new Response(answer.body, answer).json()],
] as const)('a JSON answer can be read like any other: %s', async (_, read) => {
  expect(await read(made())).toEqual({ a: 'ü' });
});

test('it keeps status and headers, and is used up once read', async () => {
  const answer = made();
  expect([answer.status, answer.ok, answer.headers.get('x-more'), answer.bodyUsed]).toEqual([400, false, 'yes', false]);
  await answer.text();
  expect(answer.bodyUsed).toBe(true);
  await expect(answer.text()).rejects.toThrow();
});

test('it is a response, and its headers are read and written in any case', () => {
  const { headers } = made();
  headers.set('X-More', 'no');
  headers.append('Set-Cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  headers.append('vary', 'Origin');
  headers.append('vary', 'Accept');
  headers.delete('Pragma');
  expect(made()).toBeInstanceOf(Response);
  expect([headers.get('x-more'), headers.has('pragma'), headers.get('Vary')]).toEqual(['no', false, 'Origin, Accept']);
  expect([...new Headers(headers)]).toEqual([
    ['cache-control', 'no-store'],
    ['content-type', 'application/json'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['vary', 'Origin, Accept'],
    ['x-more', 'no'],
  ]);
});
