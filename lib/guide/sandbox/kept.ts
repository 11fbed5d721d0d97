/** The sandboxes that this browser made or was shown the control token of; kept in localStorage, newest first. */

export interface KeptSandbox {
  readonly id: string;
  readonly token: string;
  readonly at: number;
}

const KEY = 'authwalk.sandboxes';
const MOST = 30;

/** Whatever is stored may have been written by another version, or by hand. */
export function readKept(storage: Pick<Storage, 'getItem'>): KeptSandbox[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.filter(
      (one): one is KeptSandbox =>
        typeof one?.id === 'string' && typeof one.token === 'string' && typeof one.at === 'number',
    );
  } catch {
    return [];
  }
}

/** The sandboxes that guided walks of this browser are made in. */
export function readWalked(storage: Pick<Storage, 'getItem' | 'key' | 'length'>): KeptSandbox[] {
  const found: KeptSandbox[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith('authwalk.run.')) continue;
    try {
      const state = JSON.parse(storage.getItem(key) ?? '') as {
        sandbox?: { id?: unknown; control_token?: unknown } | null;
      };
      if (typeof state.sandbox?.id === 'string' && typeof state.sandbox.control_token === 'string')
        found.push({ id: state.sandbox.id, token: state.sandbox.control_token, at: 0 });
    } catch {
      /* of another version */
    }
  }
  return found;
}

export function keep(storage: Pick<Storage, 'getItem' | 'setItem'>, sandbox: KeptSandbox): void {
  const others = readKept(storage).filter((one) => one.id !== sandbox.id);
  try {
    storage.setItem(KEY, JSON.stringify([sandbox, ...others].slice(0, MOST)));
  } catch {
    /* nothing can be kept here */
  }
}

export function forget(storage: Pick<Storage, 'getItem' | 'setItem'>, id: string): void {
  try {
    storage.setItem(KEY, JSON.stringify(readKept(storage).filter((one) => one.id !== id)));
  } catch {
    /* nothing can be kept here */
  }
}
