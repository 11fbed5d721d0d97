/** How the browser keeps things: keys, reading and writing. Nothing here throws. */

/** localStorage, or what stands for it in a test. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const keys = {
  sandboxes: 'authwalk.sandboxes',
  run: (track: string) => `authwalk.run.${track}`,
  progress: (track: string) => `authwalk.progress.${track}`,
  follow: (track: string) => `authwalk.follow.${track}`,
  plan: (id: string) => `authwalk.plan.${id}`,
  planReports: 'authwalk.plan-reports',
  scenarioRuns: 'authwalk.scenario-runs',
  lab: (lab: string) => `authwalk.lab.${lab}`,
  level: (id: string) => `authwalk.level.${id}`,
  levels: 'authwalk.levels',
} as const;

/** The browser's own storage; null on the server, or if the browser forbids it. */
export function browserStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.localStorage;
  } catch {
    return null;
  }
}

/** Storage of this tab alone; null on the server, or if the browser forbids it. */
export function tabStorage(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.sessionStorage;
  } catch {
    return null;
  }
}

export function read(storage: Pick<Storage, 'getItem'> | null, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @returns whether it was kept */
export function write(storage: Pick<Storage, 'setItem'> | null, key: string, value: unknown): boolean {
  try {
    storage?.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function remove(storage: Pick<Storage, 'removeItem'> | null, key: string): void {
  try {
    storage?.removeItem(key);
  } catch {
    /* nothing was kept */
  }
}
