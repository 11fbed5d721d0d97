/** The labs on a public instance: they run there as well, and nothing leaves it. */
import { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fetch } from '#lib/client/request.ts';
import { labs } from '#lib/labs/attacks/index.ts';
import { isMet, stopOf } from '#lib/labs/judge.ts';
import { type TestServer, testServer } from '#lib/server/testing.ts';
import { labOptions, playLab, withCookies } from './lib/lab-browser.ts';

const ORIGIN = 'https://walk.example';

let server: TestServer;
const asked: string[] = [];
const connect = vi.spyOn(Socket.prototype, 'connect');
beforeAll(async () => {
  server = await testServer({ PUBLIC_URL: ORIGIN });
});
afterAll(async () => {
  await server.close();
  connect.mockRestore();
});

/** The server, asked at its public address; what goes elsewhere is noted and answered by nobody. */
const fetch: Fetch = async (input, init) => {
  const url = new URL(input);
  asked.push(url.origin);
  if (url.origin !== ORIGIN) throw new TypeError('Nobody is there.');
  return server.ask(`${url.pathname}${url.search}`, { ...init, host: url.host });
};

test.concurrent.each(labs.map((lab) => [lab.id, lab] as const))(
  '%s runs on a public instance: damage without the defence, none with it',
  async (_id, lab) => {
    const options = labOptions(ORIGIN, fetch, withCookies(fetch));
    const off = await playLab(lab, 'off', options);
    expect(isMet(lab.damage, off.run)).toBe(true);
    const on = await playLab(lab, 'on', options, off.sandbox);
    expect([isMet(lab.damage, on.run), isMet(lab.goal, on.run)]).toEqual([false, true]);
    expect(stopOf(lab, on.run)?.check).toMatchObject({ check: lab.stop.check });
  },
);

test('nothing was asked of anybody else, and the server has connected to nobody', () => {
  expect([...new Set(asked)]).toEqual([ORIGIN]);
  expect(connect).not.toHaveBeenCalled();
});
