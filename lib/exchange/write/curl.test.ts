/** The exported curl script is run by sh, against the server that the run was recorded on. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { McpClient } from '../../../tests/lib/mcp-client.ts';
import { type RunningServer, startServer } from '../../../tests/lib/server.ts';
import type { Exchange } from '#lib/exchange/types.ts';

const run = promisify(execFile);
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Made {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
  readonly mcp: { readonly oauth: string };
}
const make = async (): Promise<Made> =>
  (await (await fetch(`${server.origin}/api/sandboxes`, { method: 'POST' })).json()) as Made;
async function read(made: Made, path: string): Promise<string> {
  const answer = await fetch(`${server.origin}/api/sandboxes/${made.id}${path}`, {
    headers: { authorization: `Bearer ${made.control_token}` },
  });
  expect(answer.status).toBe(200);
  return answer.text();
}
const exchangesOf = async (made: Made): Promise<Exchange[]> =>
  (JSON.parse(await read(made, '/exchanges?reveal=1')) as { exchanges: Exchange[] }).exchanges;

/** Status lines of what curl -i printed; interim answers do not count. */
const statuses = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status)).filter((status) => status >= 200);

it('sends the requests of a real client again, one for one', { timeout: 60_000 }, async () => {
  const made = await make();
  const client = new McpClient(made.mcp.oauth);
  await client.redeem(await client.begin());
  await client.call('whoami');
  await client.close();
  const before = await exchangesOf(made);
  const script = await read(made, '/export?format=curl&reveal=1');
  const { stdout, stderr } = await run('sh', ['-c', script]);
  expect(stderr).toBe('');
  // The code was used up, and what is used up stays used up: its second redemption ends what the first gave.
  const expected = before.map((exchange) =>
    exchange.endpoint === 'token'
      ? 400
      : exchange.endpoint === 'mcp' && exchange.response!.status !== 401
        ? 401
        : exchange.response!.status,
  );
  expect(statuses(stdout)).toEqual(expected);
  const again = (await exchangesOf(made)).slice(before.length);
  expect(again.map(({ request }) => [request.method, request.url, request.body])).toEqual(
    before.map(({ request }) => [request.method, request.url, request.body]),
  );
});

it('brings every byte through the shell', async () => {
  const made = await make();
  const nasty = `it's "$HOME" \`id\` \\ $(id) !! %20 ü 漢\n@file & ; #`;
  const send = (init: RequestInit & { query?: string }) => fetch(`${made.issuer}/oauth/token${init.query ?? ''}`, init);
  await send({
    method: 'POST',
    query: `?a=[1]{2}&b='${encodeURIComponent(nasty)}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'mcp-odd': `it's "$HOME" \`id\``, 'mcp-empty': '' },
    body: nasty,
  });
  await send({ method: 'POST', body: new URLSearchParams({ grant_type: nasty }) });
  await send({ method: 'HEAD' });
  await send({ method: 'POST' });
  const before = await exchangesOf(made);
  const { stdout } = await run('sh', ['-c', await read(made, '/export?format=curl&reveal=1')]);
  expect(statuses(stdout)).toEqual(before.map(({ response }) => response!.status));
  const again = (await exchangesOf(made)).slice(before.length);
  const told = ({ request }: Exchange) => [
    request.method,
    request.url,
    request.body,
    ...['content-type', 'mcp-odd', 'mcp-empty'].map(
      (name) => request.headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? null,
    ),
  ];
  expect(again.map(told)).toEqual(before.map(told));
});

it('masks what is secret, and is still a script', async () => {
  const made = await make();
  const client = new McpClient(made.mcp.oauth);
  await client.redeem(await client.begin());
  const script = await read(made, '/export?format=curl');
  expect(script).not.toContain(client.accessToken);
  expect(script).toMatch(/# masked: .*code/);
  await run('sh', ['-n', '-c', script]);
});
