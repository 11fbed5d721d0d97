/**
 * The second figure of the first page: the whole walk, really walked, by the guide's own client
 * against this server, once in a process. The reader sees what it took in milliseconds.
 */
import { chartOf } from '#lib/guide/chart.ts';
import type { RunChart } from '#lib/exchange/chart.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { createRun } from '#lib/guide/run.ts';
import { processWideMap } from '#lib/spec/bounded-map.ts';
import type { Party, Track } from '#lib/guide/types.ts';
import type { Container } from '../container.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface FirstRun {
  readonly chart: RunChart;
  /** Who made each value. */
  readonly makers: Readonly<Record<string, Party>>;
  /** When it was walked, ISO 8601. */
  readonly at: string;
  readonly exchanges: number;
}

/** ms that a page waits for the walk: the first reader of a process may go without. */
const PATIENCE = 400;
/** Origins that are remembered: one, but for loopback names and ports. */
const MOST = 4;

/**
 * The walk, or null while it is under way or where it did not come to its end.
 * @param host the `Host` of the page's own request
 */
export async function firstRun(host: string | null): Promise<FirstRun | null> {
  const container = await getContainer();
  const origin = originOf(container, host);
  const runs = processWideMap<string, Promise<FirstRun | null>>('first-run', MOST);
  let run = runs.get(origin);
  if (!run) {
    if (runs.size >= MOST) return null;
    // The first walk loads what is loaded when first needed; the second shows what a request takes.
    run = walk(container, origin)
      .then(() => walk(container, origin))
      .catch((error: unknown) => {
        container.log('the walk for the first page failed', error);
        return null;
      });
    runs.set(origin, run);
  }
  return Promise.race([
    run,
    new Promise<null>((resolve) => {
      setTimeout(resolve, PATIENCE, null);
    }),
  ]);
}

async function walk(container: Container, origin: string): Promise<FirstRun | null> {
  const track = loadTrack('authorization-code');
  if (!track) return null;
  const fetch = async (input: string, init?: RequestInit): Promise<Response> =>
    container.app.fetch(new Request(input, init), {});
  const run = createRun(track, { origin, fetch, storage: null });
  await run.wake();
  const at = new Date().toISOString();
  for (const step of track.steps) {
    const away = await run.send(step.id);
    if (away !== null) await run.returned(await approve(fetch, away));
    if (run.snapshot().trouble !== null) break;
  }
  const { state } = run.snapshot();
  const chart = chartOf(track, { state, running: null, now: Date.now(), viewing: null, origin }, true);
  if (state.sandbox)
    await fetch(`${origin}/api/sandboxes/${state.sandbox.id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${state.sandbox.control_token}` },
    });
  const walked = new Set(chart.ticks.map((tick) => tick.step));
  if (!track.steps.every((step) => walked.has(step.id))) return null;
  return {
    chart,
    makers: makersOf(track, new Set(chart.bars.map((bar) => bar.value))),
    at,
    exchanges: chart.ticks.length,
  };
}

/** What a browser and a made-up user do at the authorization server. @returns where the browser ends */
async function approve(fetch: (input: string, init?: RequestInit) => Promise<Response>, url: string): Promise<string> {
  const asked = await fetch(url, { headers: { Accept: 'text/html' }, redirect: 'manual' });
  const location = asked.headers.get('location') ?? '';
  const interaction = /\/consent\/([^/?#]+)/.exec(location)?.[1];
  if (interaction === undefined) return location;
  const decided = await fetch(url.split('?')[0] as string, {
    method: 'POST',
    body: new URLSearchParams({ interaction, action: 'auto' }),
    redirect: 'manual',
  });
  return decided.headers.get('location') ?? '';
}

function makersOf(track: Track, shown: ReadonlySet<string>): Record<string, Party> {
  return Object.fromEntries(
    Object.values(track.values).flatMap((value) =>
      value.made_by === 'attacker' || !shown.has(value.name) ? [] : [[value.name, value.made_by]],
    ),
  );
}
