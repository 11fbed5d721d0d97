/**
 * The figure of each track: its whole walk, really walked by the guide's own client against this server, once in a
 * process. Nothing in it is drawn by hand.
 */
import { derive } from '#lib/guide/derive.ts';
import { loadTrack } from '#lib/guide/load.ts';
import { createRun } from '#lib/guide/run.ts';
import { memoryKeys } from '#lib/guide/proofs.ts';
import type { Party, Track, Wire } from '#lib/guide/types.ts';
import { processWideMap } from '#lib/spec/bounded-map.ts';
import type { Container } from '../container.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface TrackFigure {
  readonly title: string;
  readonly wire: Wire;
  /** Who made a value, by its name. */
  readonly makers: Readonly<Record<string, Party | 'attacker'>>;
}

/** Figures that are remembered: one a track. */
const MOST = 40;

/**
 * The figure of a track; null if there is no such track, or if it could not be walked.
 * @param host the `Host` of the request
 */
export async function figureOf(id: string, host: string | null): Promise<TrackFigure | null> {
  const track = loadTrack(id);
  if (!track) return null;
  const container = await getContainer();
  const figures = processWideMap<string, Promise<TrackFigure | null>>('figures', MOST);
  const there = figures.get(id);
  if (there) return there;
  const made = walk(container, track, originOf(container, host)).catch((error: unknown) => {
    container.log(`the walk for the figure of ${id} failed`, error);
    return null;
  });
  figures.set(id, made);
  // A failure is not kept: the next reader tries again.
  void made.then((figure) => figure ?? figures.delete(id));
  return made;
}

async function walk(container: Container, track: Track, origin: string): Promise<TrackFigure | null> {
  const fetch = async (input: string, init?: RequestInit): Promise<Response> =>
    container.app.fetch(new Request(input, init), {});
  const run = createRun(track, { origin, fetch, storage: null, keys: memoryKeys() });
  await run.wake();
  const last = track.steps.at(-1)!;
  await run.bring(last.id);
  const away = await run.send(last.id);
  if (away !== null) {
    await (await fetch(away, { headers: { accept: 'text/html' }, redirect: 'manual' })).text();
    await run.look();
  }
  const { state, trouble, track: walked } = run.snapshot();
  const view = derive(walked, { state, running: null, now: Date.now(), viewing: last.id, origin });
  if (state.sandbox)
    await fetch(`${origin}/api/sandboxes/${state.sandbox.id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${state.sandbox.control_token}` },
    });
  if (trouble !== null) throw new Error(trouble);
  const messages = view.wire.messages.map((message) => ({ ...message, newest: false }));
  return {
    title: track.title,
    wire: { ...view.wire, messages },
    makers: Object.fromEntries(Object.values(track.values).map((value) => [value.name, value.made_by])),
  };
}
