/**
 * The entry of a table by a name that came from outside: `constructor` and its kin, which every object has, are none.
 * @returns undefined if there is no such entry
 */
export const entryOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
