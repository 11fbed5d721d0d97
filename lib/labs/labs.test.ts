/** Every lab against the real engine: without the defence the damage is done, with it the named check objects. */
import { describe, expect, test } from 'vitest';
import { createApi } from '#lib/client/sandboxes.ts';
import type { Fetch } from '#lib/client/request.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { engine, memoryStorage, openForTests, ORIGIN } from '../../tests/lib/guide-engine.ts';
import { labs } from './attacks/index.ts';
import { checksOf, isMet, objectionOf, stopOf } from './judge.ts';
import { startLab } from './play.ts';
import type { Lab, LabRun, Position } from './types.ts';

openForTests();

/** A browser's cookies: kept, and sent where a request asks for it. */
function withCookies(): Fetch {
  const jar = new Map<string, string>();
  return async (input, init) => {
    if (init?.credentials !== 'same-origin') return asBrowser(await engine.fetch(input, init));
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await engine.fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]!.split(/=(.*)/s);
      jar.set(name, value);
    }
    return asBrowser(response);
  };
}

/** A page does not see where a redirect leads: only the record does. */
function asBrowser(response: Response): Response {
  if (response.status < 300 || response.status >= 400) return response;
  return Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' });
}

const optionsWith = (fetch: Fetch) => {
  const api = createApi<Exchange>(ORIGIN, engine.fetch);
  return { origin: ORIGIN, fetch, api, now: Date.now, storage: memoryStorage() };
};

async function play(lab: Lab, position: Position): Promise<LabRun> {
  const { playing } = await startLab(lab, position, null, optionsWith(withCookies()));
  while (playing.run().next < lab.moments.length) await playing.step();
  return playing.run();
}

/** What happened, for a failing test. */
function road(run: LabRun): string {
  return run.done
    .map((done) => {
      const objection = objectionOf(done);
      const response = done.exchange?.response;
      const why = (response?.status ?? 0) >= 400 ? response?.body?.slice(0, 300) : '';
      return [done.moment, done.act, response?.status, objection?.check, objection?.reason, ...done.missing, why].join(
        ' ',
      );
    })
    .join('\n');
}

describe.each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
  test('without the defence the damage is done', async () => {
    const run = await play(lab, 'off');
    expect(isMet(lab.damage, run), road(run)).toBe(true);
    expect(isMet(lab.goal, run), road(run)).toBe(false);
    expect(stopOf(lab, run)?.check ?? null, road(run)).toBeNull();
  });

  test('with it nothing is lost, and the check that the lab names is the one that objects', async () => {
    const run = await play(lab, 'on');
    expect(isMet(lab.damage, run), road(run)).toBe(false);
    expect(isMet(lab.goal, run), road(run)).toBe(true);
    const stop = stopOf(lab, run);
    expect(stop?.check, road(run)).toMatchObject({ check: lab.stop.check, by: lab.stop.at });
    expect(checksOf(stop!.done).filter((check) => !check.ok)).toHaveLength(1);
  });
});

test('a click that really lands in the frame is taken over: the form is not sent a second time', async () => {
  const lab = labs.find((one) => one.id === 'consent-clickjacking')!;
  const browser = withCookies();
  const { sandbox, playing } = await startLab(lab, 'off', null, optionsWith(browser));
  await playing.step();
  const page = playing.run().done.at(-1)!.exchange!;
  const form = new URLSearchParams({ interaction: new URL(page.request.url).pathname.split('/').at(-1)! });
  form.set('action', 'continue');
  form.set('scope', 'notes:read');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = { method: 'POST', headers, body: form.toString(), credentials: 'same-origin' } as const;
  await browser(`${sandbox.base}/oauth/authorize`, sent);
  while (playing.run().next < lab.moments.length) await playing.step();
  expect(isMet(lab.damage, playing.run()), road(playing.run())).toBe(true);
  const { exchanges } = (await createApi<Exchange>(ORIGIN, engine.fetch).exchanges(sandbox, 0))!;
  const posts = exchanges.filter(({ request }) => request.method === 'POST' && request.url.endsWith('/authorize'));
  // One signed you in beforehand.
  expect(posts).toHaveLength(2);
});
