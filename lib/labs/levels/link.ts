/** The moves of a level as a link. Nothing of a sandbox is in it: whoever opens it plays them in one of their own. */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
import { parseJson } from '#lib/exchange/read.ts';
import type { Played } from './types.ts';

/** Characters of a link, and moves, that are read at most. */
const MOST = 8000;
const MOST_MOVES = 40;

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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readPlayed(value: unknown): Played | null {
  if (!isRecord(value) || typeof value.move !== 'string') return null;
  const set = isRecord(value.set) ? value.set : {};
  const texts = Object.entries(set).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return {
    move: value.move,
    set: Object.fromEntries(texts),
    without: Array.isArray(value.without) ? value.without.map(String) : [],
    seconds: typeof value.seconds === 'number' && value.seconds > 0 ? value.seconds : null,
  };
}

/** The moves in a fragment; null if there are none, or if it is not one of ours. */
export function movesOf(fragment: string): readonly Played[] | null {
  const encoded = /^#moves=([A-Za-z0-9_-]+)$/.exec(fragment)?.[1];
  if (encoded === undefined || encoded.length > MOST) return null;
  let list: unknown;
  try {
    list = parseJson(new TextDecoder().decode(fromBase64url(encoded)));
  } catch {
    return null;
  }
  if (!Array.isArray(list) || list.length > MOST_MOVES) return null;
  const moves = list.map(readPlayed);
  return moves.every((move) => move !== null) && moves.length > 0 ? moves : null;
}
