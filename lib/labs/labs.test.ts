/** Every lab against the real engine: without the defence the damage is done, with it the named check objects. */
import { describe, expect, test } from 'vitest';
import { createApi } from '#lib/client/sandboxes.ts';
import type { Fetch } from '#lib/client/request.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { engine, openForTests, ORIGIN } from '../../tests/lib/guide-engine.ts';
import { labOptions, playLab, withCookies } from '../../tests/lib/lab-browser.ts';
import { labs } from './attacks/index.ts';
import { checksOf, isMet, objectionOf, stopOf } from './judge.ts';
import { startLab } from './play.ts';
import type { Lab, LabRun, Position } from './types.ts';

openForTests();

const optionsWith = (fetch: Fetch) => labOptions(ORIGIN, engine.fetch, fetch);
const browser = () => withCookies(engine.fetch);
const play = async (lab: Lab, position: Position): Promise<LabRun> =>
  (await playLab(lab, position, optionsWith(browser()))).run;

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

describe.concurrent.each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
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
  const mine = browser();
  const { sandbox, playing } = await startLab(lab, 'off', null, optionsWith(mine));
  await playing.step();
  const page = playing.run().done.at(-1)!.exchange!;
  const form = new URLSearchParams({ interaction: new URL(page.request.url).pathname.split('/').at(-1)! });
  form.set('action', 'continue');
  form.set('scope', 'notes:read');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = { method: 'POST', headers, body: form.toString(), credentials: 'same-origin' } as const;
  await mine(`${sandbox.base}/oauth/authorize`, sent);
  while (playing.run().next < lab.moments.length) await playing.step();
  expect(isMet(lab.damage, playing.run()), road(playing.run())).toBe(true);
  const { exchanges } = (await createApi<Exchange>(ORIGIN, engine.fetch).exchanges(sandbox, 0))!;
  const posts = exchanges.filter(({ request }) => request.method === 'POST' && request.url.endsWith('/authorize'));
  // One signed you in beforehand.
  expect(posts).toHaveLength(2);
});
