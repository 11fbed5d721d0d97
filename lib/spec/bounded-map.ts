/**
 * The one map with a bound: what a process keeps to save work, and can lose at any time.
 *
 * When it is full, setting another key drops the entry that was used the longest ago.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #bound: number;

  /** @param bound most entries, from 1 */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as used now. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): this {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#bound) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(key, value);
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
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
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
