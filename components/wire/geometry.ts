/**
 * Where everything on the wire stands: pure arithmetic from messages to coordinates, in a drawing of
 * 324 units by as many as it takes.
 */
import type { Party, WireBar, WireMessage } from '#lib/guide/types.ts';

export const width = 324;
export const lanes: Readonly<Record<Party, number>> = { you: 40, client: 126, as: 212, mcp: 298 };
/** From the lane to a status that stands at its left. */
const STATUS = 29;
const order: readonly Party[] = ['you', 'client', 'as', 'mcp'];
/** The first row, below the glyphs and their names. */
const top = 62;

export interface PlacedMessage {
  readonly message: WireMessage;
  readonly y: number;
  /** The shaft, with its hops. */
  readonly shaft: string;
  /** The point of the head. */
  readonly tip: number;
  /** -1 where it points left. */
  readonly direction: 1 | -1;
  /** How many messages of its step are folded into it. */
  readonly more: number;
  /** Where its label begins; null for the second arrow of a pair. */
  readonly label: { readonly x: number; readonly y: number } | null;
  /** Where the status stands, beside the lane it came from. */
  readonly status: { readonly x: number; readonly y: number } | null;
  readonly beads: readonly { readonly name: string; readonly x: number }[];
  /** From the tail to the rest, for the journey of the first bead. */
  readonly journey: number;
}
export interface PlacedStep {
  readonly step: string;
  readonly number: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly state: WireMessage['state'];
}
export interface PlacedBar {
  readonly bar: WireBar;
  readonly x: number;
  readonly from: number;
  readonly to: number;
}
export interface Layout {
  readonly height: number;
  readonly steps: readonly PlacedStep[];
  readonly messages: readonly PlacedMessage[];
  readonly bars: readonly PlacedBar[];
}

/** Units that the wire takes at most if past steps can be folded: what each side holds stands below it, in view. */
const MOST = 372;

/**
 * Lays the wire out, the steps that are not looked at more densely. A request and its answer share a row where the
 * user has no part in it; of a step to come only the first request is drawn. If all of it is too high, past steps are
 * folded to one row each, the longest first.
 */
export function layOut(messages: readonly WireMessage[], bars: readonly WireBar[], step: string | null = null): Layout {
  const groups = byStep(messages);
  const past = groups
    .filter((group) => group.length > 2 && group[0]?.step !== step && group.every(isPast))
    .toSorted((a, b) => b.length - a.length);
  const folded = new Set<readonly WireMessage[]>();
  let layout = place(groups, folded, bars, step);
  for (const group of past) {
    if (layout.height <= MOST) break;
    folded.add(group);
    layout = place(groups, folded, bars, step);
  }
  return layout;
}

const isPast = ({ state, newest }: WireMessage): boolean => !newest && (state === 'done' || state === 'stale');

/** What stands for a step that is folded: its last request to a server, with the answer. */
function standsFor(group: readonly WireMessage[]): readonly WireMessage[] {
  const last = group.findLastIndex((message, at) => at > 0 && isPair(group[at - 1] as WireMessage, message));
  if (last > 0) return group.slice(last - 1, last + 1);
  return [group.find(({ to }) => to === 'as' || to === 'mcp') ?? (group[0] as WireMessage)];
}

function place(
  groups: readonly (readonly WireMessage[])[],
  folded: ReadonlySet<readonly WireMessage[]>,
  bars: readonly WireBar[],
  step: string | null,
): Layout {
  const placed: PlacedMessage[] = [];
  const steps: PlacedStep[] = [];
  /** Rows by message, those of folded messages too: bars begin and end there. */
  const rows = new Map<string, number>();
  let y = top;
  for (const group of groups) {
    const first = group[0] as WireMessage;
    const future = group.every((message) => message.state === 'future');
    const drawn = future ? group.slice(0, 1) : folded.has(group) ? standsFor(group) : group;
    const dense = first.step !== step && !['next', 'running'].includes(first.state);
    const from = y;
    let rowY = y;
    drawn.forEach((message, index) => {
      const before = drawn[index - 1];
      const second = before !== undefined && isPair(before, message) && placed.at(-1)?.label !== null;
      if (second) rowY += 7;
      else {
        y += index === 0 ? 19 : dense ? (first.from === 'client' && first.to !== 'you' ? 21 : 18) : 24;
        rowY = y;
      }
      if (second) y = rowY - 3;
      placed.push(placeMessage(message, rowY, second, folded.has(group) ? group.length - drawn.length : 0));
    });
    const own = placed.find((one) => one.message === drawn[0])?.y ?? y;
    for (const message of group) rows.set(message.key, placed.find((one) => one.message === message)?.y ?? own);
    steps.push({
      step: first.step,
      number: first.number,
      y: own,
      from: from - 2,
      to: y + 12,
      state: future ? 'future' : (group.at(-1)?.state ?? 'future'),
    });
    y += future ? 3 : dense ? 9 : 14;
  }
  // What is still held reaches as far down as something has happened, or is about to.
  const now = Math.max(top, ...placed.filter((one) => one.message.state !== 'future').map((one) => one.y)) + 12;
  return { height: y + 6, steps, messages: placed, bars: placeBars(bars, rows, now) };
}

function byStep(messages: readonly WireMessage[]): WireMessage[][] {
  const groups = new Map<string, WireMessage[]>();
  for (const message of messages) groups.set(message.step, [...(groups.get(message.step) ?? []), message]);
  return [...groups.values()].toSorted((a, b) => (a[0]?.number ?? 0) - (b[0]?.number ?? 0));
}

function isPair(a: WireMessage, b: WireMessage): boolean {
  return (
    a.kind === 'request' &&
    b.kind === 'response' &&
    a.from === b.to &&
    a.to === b.from &&
    a.from !== 'you' &&
    a.to !== 'you'
  );
}

function placeMessage(message: WireMessage, y: number, second: boolean, more: number): PlacedMessage {
  const start = lanes[message.from];
  const end = lanes[message.to];
  const direction = end >= start ? 1 : -1;
  const big = isBig(message);
  const tip = end - direction * 2.5;
  const neck = tip - direction * (big ? 8 : 6.5);
  const hops = order
    .map((party) => lanes[party])
    .filter((x) => x > Math.min(start, end) && x < Math.max(start, end))
    .toSorted((a, b) => direction * (a - b));
  const bow = `a4.5 4.5 0 0 ${direction > 0 ? 1 : 0} ${direction * 9} 0`;
  const bows = hops.map((x) => `H${x - direction * 4.5}${bow}`).join('');
  const shaft = `M${start + direction * 3} ${y}${bows}H${neck + direction}`;
  const spacing = big ? 10 : 7;
  const beads =
    message.state === 'future'
      ? []
      : message.beads.map((name, index) => ({ name, x: tip - direction * (16.5 + index * spacing) }));
  const left = Math.min(start, end) + 7;
  return {
    message,
    y,
    shaft,
    tip,
    direction,
    beads,
    more,
    label: second ? null : { x: left, y: y - 5.5 },
    status:
      message.kind === 'response' && message.status !== null && second
        ? { x: direction < 0 ? start + 7 : start - STATUS, y: y + 1 }
        : null,
    journey: beads.length > 0 ? start + direction * 4 - (beads[0]?.x ?? 0) : 0,
  };
}

/** What is new, or about to be, is drawn larger. */
export function isBig(message: WireMessage): boolean {
  return message.newest || message.state === 'next' || message.state === 'running' || message.state === 'failed';
}

/** Bars of one lane that overlap stand beside each other. */
function placeBars(bars: readonly WireBar[], at: ReadonlyMap<string, number>, bottom: number): PlacedBar[] {
  const taken: { lane: Party; slot: number; from: number; to: number }[] = [];
  return bars.flatMap((bar) => {
    const from = at.get(bar.fromKey);
    if (from === undefined) return [];
    const to = Math.max(from + 6, bar.toKey === null ? bottom : (at.get(bar.toKey) ?? bottom));
    let slot = 0;
    while (taken.some((one) => one.lane === bar.party && one.slot === slot && one.from < to && one.to > from))
      slot += 1;
    taken.push({ lane: bar.party, slot, from, to });
    const offset = slot === 0 ? 0 : (slot % 2 === 1 ? 1 : -1) * Math.ceil(slot / 2) * 5;
    return [{ bar, x: lanes[bar.party] + offset, from, to }];
  });
}
