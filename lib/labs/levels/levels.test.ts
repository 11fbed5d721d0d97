/** Every level against the real engine: its solution, its limits, what it refuses, and undo. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { createApi } from '#lib/client/sandboxes.ts';
import { memoryKeys } from '#lib/guide/proofs.ts';
import type { Exchange } from '#lib/guide/types.ts';
import { engine, openForTests, ORIGIN } from '../../../tests/lib/guide-engine.ts';
import { countOf, goalOf, isReached } from './goal.ts';
import { levelPredicates } from './judge.ts';
import { listLevels, loadLevel } from './load.ts';
import { type FORBIDDEN, moveIds } from './moves.ts';
import { createPlayer, plain, type Player } from './player.ts';
import type { Level, Played } from './types.ts';

openForTests();

const levels = listLevels().map(({ id }) => [id, loadLevel(id)!] as const);

function playerOf(level: Level): Player {
  return createPlayer(level, { origin: ORIGIN, fetch: engine.fetch, now: Date.now, keys: memoryKeys(), kept: null });
}
const terms = (level: Level, player: Player) => goalOf(level, player.snapshot().state, ORIGIN);

/** How many requests the sandbox has recorded. */
async function recorded(player: Player): Promise<number> {
  const all = await createApi<Exchange>(ORIGIN, engine.fetch).exchanges(player.snapshot().state.run.sandbox!, 0);
  return all!.exchanges.length;
}

test('there are fourteen, numbered', () => {
  expect(levels.map(([, level]) => level.number)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
});

describe.each(levels)('%s', (_id, level) => {
  test('its solution reaches the goal within par, and not before the last move', async () => {
    const player = playerOf(level);
    await player.begin();
    expect(player.snapshot().trouble).toBeNull();
    const begun = await recorded(player);
    for (const move of level.solution) {
      expect(isReached(terms(level, player)), `before: ${move.says}`).toBe(false);
      await player.play(move);
      expect(player.snapshot().trouble).toBeNull();
    }
    expect(terms(level, player).filter((term) => !term.reached)).toEqual([]);
    expect(countOf(player.snapshot().state)).toBeLessThanOrEqual(level.par);
    expect((await recorded(player)) - begun).toBe(countOf(player.snapshot().state));
  });

  test('refuses what it does not allow, and sends nothing', async () => {
    const player = playerOf(level);
    await player.begin();
    const begun = await recorded(player);
    const others = moveIds.filter((id) => !level.moves.some((move) => move.id === id));
    for (const move of others) {
      await player.play(plain(move));
      expect(player.snapshot().trouble, move).toMatch(/^Not in this level: /);
    }
    expect(await recorded(player)).toBe(begun);
    expect(player.snapshot().state.moves).toEqual([]);
  });
});

/** A move that does what a level forbids by name, as far as its requests can be bent to it. */
const bent: Readonly<Record<(typeof FORBIDDEN)[number], (level: Level) => Played[]>> = {
  auto_approve: (level) =>
    level.moves.some((move) => move.id === 'authorize')
      ? [{ ...plain('authorize'), set: { auto_approve: 'true' } }]
      : [],
  revoke: () => [plain('revoke')],
  clock: () => [plain('freeze'), plain('advance')],
  'control-api': () => [],
};

test('the recipe for a level names every predicate, and no other', () => {
  const recipes = readFileSync('docs/recipes.md', 'utf8');
  const rowOf = (term: string) => new RegExp(`\\| \`${term}\` +\\|(.*)\\|`).exec(recipes)?.[1] ?? '';
  for (const [term, known] of Object.entries(levelPredicates))
    expect([...rowOf(term).matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(), term).toEqual(
      [...known.keys()].sort(),
    );
});

test('a request that was bent to another place is not sent', async () => {
  const level = loadLevel('by-the-challenge')!;
  const player = playerOf(level);
  await player.play(plain('call-without-token'));
  const begun = await recorded(player);
  const { base } = player.snapshot().state.run.sandbox!;
  for (const [url, says] of [
    ['https://elsewhere.example/resource-metadata.json', /nothing to any other place/],
    [`${ORIGIN}/api/sandboxes`, /nothing to any other place/],
    [`${base}/oauth/revoke`, /Not in this level/],
    [`${base}/oauth/authorize?auto_approve=true`, /Not in this level/],
    ['no address', /no address/],
  ] as const) {
    await player.play({ ...plain('resource-metadata'), set: { url } });
    expect(player.snapshot().trouble, url).toMatch(says);
  }
  expect(await recorded(player)).toBe(begun);
});

test.each(levels.filter(([, level]) => level.forbidden.length > 0))(
  '%s keeps to what it forbids',
  async (_id, level) => {
    const player = playerOf(level);
    await player.begin();
    for (const name of level.forbidden)
      for (const played of bent[name as keyof typeof bent](level)) {
        await player.play(played);
        const state = player.snapshot().state;
        const sent = state.run.log.flatMap((entry) => (entry.kind === 'exchange' ? [entry.exchange.request.url] : []));
        expect(sent.slice(state.started ?? 0).join(), name).not.toContain('auto_approve');
        if (name !== 'auto_approve') expect(player.snapshot().trouble).toMatch(/^Not in this level/);
      }
  },
);

describe('undo', () => {
  test('takes the move back at the server too, and it can be made again', async () => {
    const level = loadLevel('one-refusal')!;
    const player = playerOf(level);
    await player.play(level.solution[0]!);
    expect(terms(level, player)[0]).toMatchObject({
      ...{ reached: true, wanted: 'exactly once', now: 'once, in move 1' },
      note: 'a second would break it',
    });
    await player.play(level.solution[0]!);
    expect(terms(level, player)[0]).toMatchObject({ reached: false, now: 'twice, in moves 1 and 2' });
    await player.undo();
    expect(terms(level, player)[0]).toMatchObject({ reached: true, now: 'once, in move 1' });
    const refused = await createApi<Exchange>(ORIGIN, engine.fetch).exchanges(player.snapshot().state.run.sandbox!, 0);
    expect(refused!.exchanges.filter((exchange) => exchange.response?.status === 403)).toHaveLength(1);
    expect(player.snapshot().state.undone?.entry?.exchange.response?.status).toBe(403);
    await player.redo();
    expect(terms(level, player)[0]).toMatchObject({ reached: false });
    expect(player.snapshot().state.undone).toBeNull();
  });

  test('turns the clock back', async () => {
    const level = loadLevel('three-hours')!;
    const player = playerOf(level);
    await player.play({ ...plain('advance'), seconds: 7200 });
    const late = player.snapshot().state.clock;
    await player.undo();
    expect(late - player.snapshot().state.clock).toBeGreaterThan(7_000_000);
  });
});

test('what reaches the goal ends the level: nothing is sent after it', async () => {
  const level = loadLevel('scorched-earth')!;
  const player = playerOf(level);
  await player.solve();
  expect(player.snapshot().state.typed).toBe(true);
  expect(isReached(terms(level, player))).toBe(true);
  await player.play(plain('refresh'));
  expect(player.snapshot().state.moves).toHaveLength(1);
});
