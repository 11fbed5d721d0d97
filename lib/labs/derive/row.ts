/** A row of the figure, and the pieces that every act draws it from. */
import { formOf, headerOf, queryOf } from '#lib/exchange/read.ts';
import { objectionOf } from '../judge.ts';
import type { Act, Done, Hand, Lab, LabRun, Position, Side, Words } from '../types.ts';
import { namesIn } from '../requests.ts';
import { brief, makerOf, wordOf } from './values.ts';

export interface Bead {
  readonly name: string;
  readonly by: Hand;
}

export interface Arrow {
  readonly from: Hand;
  readonly to: Hand;
  /** What she only sees has an open head. */
  readonly kind: 'sent' | 'seen';
  readonly label: string;
  readonly status: string | null;
  readonly beads: readonly Bead[];
  /** The defence ends it here. */
  readonly stop: boolean;
  /** An honest request that was refused. */
  readonly failed: boolean;
}

/** A piece of a line: plain, a value in the hand of its maker, a remark, or what was left out. */
export interface Piece {
  readonly text: string;
  readonly is?: 'remark' | 'left-out' | 'name';
  readonly value?: Bead;
}

export interface Line {
  /** Null: the line goes on with the one above. */
  readonly trip: readonly [Hand, Hand] | null;
  readonly pieces: readonly Piece[];
  /** At the end of the line: the exchange, or the time. */
  readonly end: { readonly exchange: number } | { readonly later: number } | null;
}

/** Somebody begins to hold something; or the server's code is spent. */
export interface Gain {
  readonly lane: Hand;
  readonly word: string;
  readonly by: Hand;
  readonly spent?: true;
}

export interface Row {
  readonly arrow: Arrow | null;
  readonly line: Line | null;
  readonly gains: readonly Gain[];
  /** What was read, each in a line of its own. */
  readonly loot?: readonly string[];
}

export interface RowContext {
  readonly lab: Lab;
  readonly position: Position;
  readonly run: LabRun | null;
  readonly moment: number;
}

/** The number of the exchange, for the end of its line; null if the sandbox does not record such a request. */
export function numberOf(done: Pick<Done, 'exchange'> | null | undefined): Line['end'] {
  const seq = done?.exchange?.seq ?? 0;
  return seq > 0 ? { exchange: seq } : null;
}

/** A text for a position. */
export function wordsFor(words: Words | undefined, position: Position): string {
  return typeof words === 'string' ? words : (words?.[position] ?? '');
}

const PATHS: Readonly<Record<string, string>> = {
  '{authorization_endpoint}': '/authorize',
  '{her_authorization_endpoint}': '/authorize',
  '{token_endpoint}': '/token',
  '{mcp_url}': '/mcp',
  '{other_mcp_url}': '/oauth',
  '{as_metadata_url}': 'metadata',
  '{jwks_uri}': 'keys',
};

/** The end of an address, for an arrow. */
export function shortPath(url: string): string {
  return PATHS[url] ?? url.replace(/[?#].*$/, '').replace(/^.*\//, '/');
}

export const sideOf = (hand: Hand): Side => (hand === 'attacker' ? 'attacker' : 'victim');

export function beadsOf(values: Readonly<Record<string, string>>, side: Side, run: LabRun | null): Bead[] {
  const beads = Object.entries(values)
    .filter(([name]) => wordOf(name) !== null)
    .map(([name, value]): Bead => ({ name, by: makerOf(name, value, side, run) }));
  return beads.slice(0, 4);
}

/** Beads of what is yet to be sent, from the names in its templates. */
export function coming(parts: unknown, side: Side, leftOut: readonly string[]): Bead[] {
  const values = Object.fromEntries(
    namesIn(parts)
      .filter((name) => !leftOut.includes(name))
      .map((name) => [name, '']),
  );
  return beadsOf(values, side, null);
}

/** Parameters and headers below a request's line. */
export function shownLines(shows: readonly string[], done: Done | undefined, side: Side, context: RowContext): Row[] {
  const { lab, position, run } = context;
  return shows.map((name): Row => {
    if (position === 'off' && lab.defence.leavesOut?.includes(name))
      return textRow([
        { text: name, is: 'left-out' },
        { text: ' left out', is: 'remark' },
      ]);
    const exchange = done?.exchange;
    const value = exchange
      ? (queryOf(exchange).get(name) ?? formOf(exchange).get(name) ?? headerOf(exchange.request, name) ?? '')
      : '';
    return textRow(valuePieces(name, value, side, run, heldAs(name, value, done)));
  });
}

/** The name under which its sender holds what a line shows: a header carries a token of one name or another. */
function heldAs(name: string, value: string, done: Done | undefined): string {
  if (name !== 'Authorization') return name;
  const [held] = Object.entries(done?.used ?? {}).find(([, used]) => used !== '' && value.endsWith(used)) ?? [];
  return held ?? 'access_token';
}

/** @param held the name that says who made the value, if it is not the name on the line */
export function valuePieces(name: string, value: string, side: Side, run: LabRun | null, held = name): Piece[] {
  const separator = /^[A-Z]/.test(name) ? ': ' : '=';
  return [
    { text: `${name}${separator}`, is: 'name' },
    {
      text: brief(value),
      value: { name, by: makerOf(held, value, side, run) },
    },
  ];
}

export function textRow(pieces: readonly Piece[]): Row {
  return { arrow: null, line: { trip: null, pieces, end: null }, gains: [] };
}

export function stops(act: Act, done: Done | undefined, lab: Lab): boolean {
  return lab.stop.act === act.id && done !== undefined && objectionOf(done)?.check === lab.stop.check;
}

export function errorOf(done: Done): string {
  const { exchange } = done;
  const body = exchange?.response?.body ?? '';
  return exchange?.error ?? /"error":\s*"([a-z_]+)"/.exec(body)?.[1] ?? '';
}

export function pathOf(done: Done | undefined, template: string): string {
  const url = done?.exchange?.request.url;
  if (!url) return shortPath(template);
  return new URL(url).pathname.replace(/^\/s\/[a-z2-7]+/, '').replace(/^(\/\.well-known\/[a-z-]+).*/, '$1…');
}
