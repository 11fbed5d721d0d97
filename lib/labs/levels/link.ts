/** The moves of a level as a link. Nothing of a sandbox is in it: whoever opens it plays them in one of their own. */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
import { isObject } from '#lib/exchange/read.ts';
import type { Level, Played } from './types.ts';

/** Characters of a link, and moves, that are read at most. */
const MOST = 8000;
const MOST_MOVES = 40;
/** How far one move puts the clock on at most, s. */
const YEAR = 31_536_000;

/** What a link brings: moves, or why they are not taken. */
export type Linked =
  | { readonly moves: readonly Played[]; readonly refused: null }
  | { readonly moves: null; readonly refused: string };

/** The fragment that holds these moves. */
export function movesLink(moves: readonly Played[]): string {
  const short = moves.map(({ move, set, without, seconds }) => ({
    move,
    ...(Object.keys(set).length > 0 ? { set } : {}),
    ...(without.length > 0 ? { without } : {}),
    ...(seconds === null ? {} : { seconds }),
  }));
  return `#moves=${toBase64url(new TextEncoder().encode(JSON.stringify(short)))}`;
}

const refuse = (why: string): Linked => ({
  moves: null,
  refused: `The moves of this link are not played: ${why} Ask for the link again, or play the level yourself.`,
});

/** Names of what a move sends, as the level has them. */
function parametersOf(level: Pick<Level, 'moves' | 'track'>, id: string): ReadonlySet<string> | null {
  const move = level.moves.find((one) => one.id === id);
  if (!move) return null;
  const step = level.track.steps.find((one) => one.id === move.step);
  const request = step?.requests.find((one) => one.id === move.request);
  return new Set(request?.parameters.map((one) => one.name));
}

/** One move; a sentence if it is none that the level has. */
function readPlayed(value: unknown, level: Pick<Level, 'moves' | 'track'>): Played | string {
  if (!isObject(value) || typeof value.move !== 'string') return 'it is not a move';
  const { move, set = {}, without = [], seconds = null } = value;
  const known = parametersOf(level, value.move);
  if (known === null) return 'this level does not have it';
  if (!isObject(set) || !Array.isArray(without)) return 'what it changes cannot be read';
  const names: readonly unknown[] = [...Object.keys(set), ...without];
  if (names.some((name) => typeof name !== 'string' || !known.has(name)))
    return 'it changes a parameter that the request does not have';
  if (Object.values(set).some((text) => typeof text !== 'string')) return 'it puts something other than text in';
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds <= YEAR;
  if (move === 'advance' && !isTime) return 'its time is not a number of seconds up to a year';
  if (move !== 'advance' && seconds !== null) return 'it has a time, and only a move of the clock takes one';
  return { move: value.move, set, without, seconds } as Played;
}

/**
 * The moves in a fragment. They may be anybody's, so that all of them are as this level has them, or none is taken.
 * @param fragment with its `#`
 * @returns null if the fragment brings no moves
 */
export function movesOf(fragment: string, level: Pick<Level, 'moves' | 'track'>): Linked | null {
  if (!fragment.startsWith('#moves=')) return null;
  const encoded = fragment.slice('#moves='.length);
  if (encoded.length > MOST) return refuse('there are too many, or they are too long.');
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64url(encoded)));
  } catch {
    return refuse('part of the address is missing, or was changed.');
  }
  if (!Array.isArray(list) || list.length === 0) return refuse('there are none in it.');
  if (list.length > MOST_MOVES) return refuse(`there are more than ${MOST_MOVES}.`);
  const moves: Played[] = [];
  for (const [index, value] of list.entries()) {
    const played = readPlayed(value, level);
    if (typeof played === 'string') return refuse(`move ${index + 1} is wrong, because ${played}.`);
    moves.push(played);
  }
  return { moves, refused: null };
}
