/** One entry, between the one that was used before it and the one that was used after it. */
class Entry<Key, Value> {
  readonly key: Key;
  value: Value;
  older: Entry<Key, Value> | null = null;
  newer: Entry<Key, Value> | null = null;

  constructor(key: Key, value: Value) {
    this.key = key;
    this.value = value;
  }
}

/**
 * The one map with a bound: what a process keeps to save work, and can lose at any time.
 *
 * When it is full, setting another key drops the entry that was used the longest ago. The order is that of a list
 * beside the map: to delete a key and set it again at each use would make the map build its table anew all the time.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Key, Value>>();
  readonly #bound: number;
  #oldest: Entry<Key, Value> | null = null;
  #newest: Entry<Key, Value> | null = null;

  /** @param bound most entries, from 1 */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as used now. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): this {
    const present = this.#entries.get(key);
    if (present !== undefined) {
      present.value = value;
      this.#use(present);
      return this;
    }
    if (this.#entries.size >= this.#bound) this.delete(this.#oldest!.key);
    const entry = new Entry(key, value);
    this.#entries.set(key, entry);
    this.#append(entry);
    return this;
  }

  /** The value of the key; if there is none, makes it and keeps it. */
  getOrMake(key: Key, make: () => Value): Value {
    const present = this.get(key);
    if (present !== undefined) return present;
    const made = make();
    this.set(key, made);
    return made;
  }

  delete(key: Key): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#unlink(entry);
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = null;
    this.#newest = null;
  }

  #use(entry: Entry<Key, Value>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #append(entry: Entry<Key, Value>): void {
    entry.older = this.#newest;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<Key, Value>): void {
    const { older, newer } = entry;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    entry.older = null;
    entry.newer = null;
  }
}

/**
 * The bounded map of this name that the whole process shares. A module can be loaded more than once in one process
 * (Next gives route handlers, pages and the entry different instances), so it stands on `globalThis`.
 * @param name unique in the process
 */
export function processWideMap<Key, Value>(name: string, bound: number): BoundedMap<Key, Value> {
  const slots = globalThis as unknown as Record<symbol, BoundedMap<Key, Value> | undefined>;
  const slot = Symbol.for(`authwalk.${name}`);
  slots[slot] ??= new BoundedMap(bound);
  return slots[slot];
}
