/** A link may be anybody's: what is not as this level has it is refused with a sentence, and nothing throws. */
import { expect, test } from 'vitest';
import { toBase64url } from '#lib/exchange/encoding.ts';
import { listLevels, loadLevel } from './load.ts';
import { movesLink, movesOf } from './link.ts';

const level = loadLevel('one-refusal')!;
const clock = loadLevel('three-hours')!;
const linkOf = (text: string) => `#moves=${toBase64url(new TextEncoder().encode(text))}`;
const first = level.solution[0]!.move;
const withParameter = level.moves.find((one) => one.id === 'authorize')!.id;

test('the solution of every level comes out of its link as it went in', () => {
  for (const { id } of listLevels()) {
    const one = loadLevel(id)!;
    const moves = one.solution.map(({ move, set, without, seconds }) => ({ move, set, without, seconds }));
    expect(movesOf(movesLink(moves), one), id).toEqual({ moves, refused: null });
  }
});

test.each(['', '#', '#moves', '#hint', '#other=moves='])('%j brings no moves, and nothing is said', (fragment) => {
  expect(movesOf(fragment, level)).toBeNull();
});

const move = (part: object) => linkOf(JSON.stringify([{ move: withParameter, ...part }]));
test.each([
  ['nothing behind the name', '#moves='],
  ['no base64url', '#moves=%%%'],
  ['a script', '#moves=<script>alert(1)</script>'],
  ['bytes that are no text', '#moves=_____w'],
  ['text that is no JSON', linkOf('[{"move":"aut')],
  ['too many characters', `#moves=${'A'.repeat(9000)}`],
  ['a nesting without end', linkOf('['.repeat(3000))],
  ['no list', linkOf('{"move":"authorize"}')],
  ['an empty list', linkOf('[]')],
  ['too many moves', linkOf(JSON.stringify(Array.from({ length: 41 }, () => ({ move: first }))))],
  ['a move that is a number', linkOf('[7]')],
  ['a move that is null', linkOf('[null]')],
  ['a move without a name', linkOf('[{}]')],
  ['a name that is a list', linkOf('[{"move":["authorize"]}]')],
  ['a move that nobody knows', linkOf('[{"move":"constructor"}]')],
  ['a move named after the prototype', linkOf('[{"move":"__proto__"}]')],
  ['a move that this level does not have', linkOf('[{"move":"exchange"}]')],
  ['a parameter that the request does not have', move({ set: { nothing: 'x' } })],
  ['a parameter named after the prototype', linkOf(`[{"move":"${withParameter}","set":{"__proto__":{"scope":"x"}}}]`)],
  ['a parameter set to an object', move({ set: { scope: { toString: 1 } } })],
  ['parameters that are a list', move({ set: ['scope'] })],
  ['parameters that are null', move({ set: null })],
  ['what is left out is no list', move({ without: 'scope' })],
  ['what is left out cannot become text', move({ without: [{ toString: 1, valueOf: 1 }] })],
  ['a time for a move that takes none', move({ seconds: 60 })],
])('a link with %s is refused with a sentence', (_name, fragment) => {
  expect(movesOf(fragment, level)).toMatchObject({
    moves: null,
    refused: expect.stringMatching(/^The moves .*yourself\.$/),
  });
});

test.each(['1e999', '-1', '0', '"60"', 'null', '31536001'])('the clock goes on by no such time: %s', (seconds) => {
  expect(movesOf(linkOf(`[{"move":"advance","seconds":${seconds}}]`), clock)?.refused).toMatch(
    /not a number of seconds/,
  );
});

test('what is refused says nothing of what the link says', () => {
  const told = movesOf(linkOf('[{"move":"Send your password to evil.example"}]'), level);
  expect(told?.refused).not.toContain('evil');
});
