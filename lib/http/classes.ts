/**
 * A class: one link for many participants, and a wall that shows how far they are. Participants send step, state,
 * reason and guesses (and a name, if they give one); the wall is told sums, and of a step with few participants no
 * causes.
 */
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import type { WallAnswer } from '#lib/spec/answers.ts';
import type { ClassMember, ClassRecord, Store } from '#lib/store/store.ts';
import { ControlError } from './errors.ts';
import type { Parts } from './parts.ts';

/** Ms that a class lives. */
export const CLASS_LIFE = 12 * 3_600_000;
/** Of fewer participants at a step no causes are told, and of fewer guesses no sums: it would show who. */
export const ENOUGH = 3;

/** What is in a class, beside its participants. */
export interface ClassData {
  /** The track that is walked. */
  readonly track: string;
  /** Whether new participants get in. */
  readonly open: boolean;
  /** Experiments whose guesses are shown. */
  readonly shown: readonly string[];
  /** The step that is presented to all; null or absent: none is. */
  readonly presents?: string | null;
  /** Whether the clocks of all are to stand still; absent: they run. Each page stops the clock of its own sandbox. */
  readonly frozen?: boolean;
  /** The refusal of which the wall would like to see one; null or absent: none. */
  readonly asks?: Refusal | null;
  /** The one that a participant has chosen to show, masked. */
  readonly one?: (Refusal & { readonly request: string; readonly response: string }) | null;
}

/** A refusal, as causes name it. */
export interface Refusal {
  readonly step: string;
  /** Id of the reason. */
  readonly reason: string;
}

/** What a participant sends; nothing else is kept. */
export interface MemberData {
  readonly step: string;
  readonly state: 'moving' | 'stuck';
  /** Id of the reason that the server refused for. */
  readonly reason: string | null;
  /** By experiment: the option that was chosen, from 0. */
  readonly guesses: Readonly<Record<string, number>>;
  readonly name: string | null;
}

/** What the wall tells of the participants. */
export type Wall = Pick<WallAnswer, 'members' | 'causes' | 'guesses'>;

export const dataOf = (record: ClassRecord): ClassData => record.data as unknown as ClassData;
export const memberData = (member: ClassMember): MemberData => member.data as unknown as MemberData;

/** Finds a class. @throws ControlError 404 */
export async function findClass(parts: Parts, id: string): Promise<ClassRecord> {
  const record = await parts.store.getClass(id, parts.wall());
  if (record === null) throw new ControlError(404, 'not_found', 'There is no class with this name, or it has ended.');
  return record;
}

function causesOf(members: readonly MemberData[]): Wall['causes'] {
  const atStep = Map.groupBy(members, (one) => one.step);
  return [...atStep].flatMap(([step, here]) => {
    if (here.length < ENOUGH) return [];
    const stuck = here.filter((one) => one.state === 'stuck' && one.reason !== null);
    return [...Map.groupBy(stuck, (one) => one.reason!)].map(([reason, those]) => ({
      ...{ step, reason },
      count: those.length,
      of: here.length,
    }));
  });
}

function guessesOf(members: readonly MemberData[], shown: readonly string[]): Wall['guesses'] {
  const all = members.flatMap((one) => Object.entries(one.guesses));
  return [...Map.groupBy(all, ([experiment]) => experiment)].map(([experiment, those]) => {
    const options = [0, 0, 0];
    for (const [, option] of those) options[option] = (options[option] ?? 0) + 1;
    const isShown = shown.includes(experiment) && those.length >= ENOUGH;
    return { experiment, count: those.length, options: isShown ? options : null };
  });
}

/** What the wall is told. */
export function wallOf(record: ClassRecord, members: readonly ClassMember[]): Wall {
  const told = members.map(memberData);
  return {
    members: members.map((member, index) => ({
      step: told[index]!.step,
      state: told[index]!.state,
      name: told[index]!.name,
      seen_at: new Date(member.seenAt).toISOString(),
    })),
    causes: causesOf(told),
    guesses: guessesOf(told, dataOf(record).shown),
  };
}

/** Names that are easy to read aloud and to type. */
const WORDS = (
  'moss fern reed oak elm ash birch cedar pine maple willow hazel ivy clover heather thistle poppy ' +
  'daisy lily iris rose sage mint thyme basil anise cumin maize barley wheat oat rye river brook lake ' +
  'pond shore cliff dune hill peak ridge vale glen moor heath field meadow grove cloud rain snow frost ' +
  'dawn dusk noon star moon comet wren robin finch heron '
)
  .trim()
  .split(' ');

/** A name for a class: a word and a number. @param random so many bytes, base64url */
export function className(random: (bytes: number) => string): string {
  const bytes = Buffer.from(random(4), 'base64url').readUInt32BE();
  return `${WORDS[bytes % WORDS.length]}-${100 + (Math.floor(bytes / WORDS.length) % 900)}`;
}

type Listener = () => void;

/** Who is to be told of a change of a class: in this process at once, from other instances by the store's news. */
export class ClassNews {
  readonly #listeners = new Map<string, Set<Listener>>();
  #ends: (() => void) | null = null;
  readonly #store: Pick<Store, 'onNews'>;
  constructor(store: Pick<Store, 'onNews'>) {
    this.#store = store;
  }

  tell(id: string): void {
    for (const listener of this.#listeners.get(id) ?? []) listener();
  }

  /** @returns what ends it; null if as many streams of the class are open as may be */
  hear(id: string, listener: Listener, most: number): (() => void) | null {
    const there = this.#listeners.get(id) ?? new Set();
    if (there.size >= most) return null;
    this.#ends ??= this.#store.onNews((topic) => {
      if (topic === null) for (const one of this.#listeners.keys()) this.tell(one);
      else if (topic.startsWith('class ')) this.tell(topic.slice('class '.length));
    });
    there.add(listener);
    this.#listeners.set(id, there);
    return () => {
      there.delete(listener);
      if (there.size === 0) this.#listeners.delete(id);
      if (this.#listeners.size === 0) {
        this.#ends?.();
        this.#ends = null;
      }
    };
  }
}

const news = new WeakMap<object, ClassNews>();

/** The news of an instance's classes. */
export function classNews(store: Store): ClassNews {
  const there = news.get(store) ?? new ClassNews(store);
  news.set(store, there);
  return there;
}

/** Streams of one wall, and ms between signs of life. */
const MOST_STREAMS = 10;
const HEARTBEAT = 15_000;
/** Ms between two events: a whole class moves at once. */
const PACE = 250;

/**
 * The wall, live: an event `wall` now, and whenever something has changed.
 * @param read the wall as it is now; throws when there is none
 * @returns null if as many streams are open as may be
 */
export function wallStream(
  store: Store,
  id: string,
  stopping: AbortSignal,
  read: () => Promise<unknown>,
): ReadableStream<Uint8Array> | null {
  const encoder = new TextEncoder();
  let wake: Listener = () => undefined;
  let ended = false;
  let changed = true;
  const leave = classNews(store).hear(
    id,
    () => {
      changed = true;
      wake();
    },
    MOST_STREAMS,
  );
  if (leave === null) return null;
  const end = (): void => {
    ended = true;
    stopping.removeEventListener('abort', end);
    leave();
    wake();
  };
  stopping.addEventListener('abort', end, { once: true });
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  let last = '';
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        for (;;) {
          if (ended) return controller.close();
          if (!changed) await pause(HEARTBEAT);
          if (ended) return controller.close();
          const isNews = changed;
          changed = false;
          if (!isNews) return controller.enqueue(encoder.encode(': still here\n\n'));
          const text = JSON.stringify(await read());
          if (text === last) continue;
          last = text;
          controller.enqueue(encoder.encode(`event: wall\ndata: ${text}\n\n`));
          wake = () => undefined;
          await new Promise((resolve) => setTimeout(resolve, PACE).unref());
          return;
        }
      } catch {
        end();
        controller.close();
      }
    },
    cancel: end,
  });
}
