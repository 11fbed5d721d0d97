/** Sandboxes whose control tokens the browser has. */
import { read, keys, type KeyValueStore, write } from './store.ts';

/** A sandbox whose control token this browser has. */
export interface KeptSandbox {
  readonly id: string;
  readonly token: string;
  /** Wall time of keeping, ms. */
  readonly at: number;
}

const MOST_SANDBOXES = 30;

function isKeptSandbox(value: unknown): value is KeptSandbox {
  const one = value as KeptSandbox | null;
  return typeof one?.id === 'string' && typeof one.token === 'string' && typeof one.at === 'number';
}

/** The sandboxes that this browser made, or was shown the control token of; newest first. */
export function readKept(storage: Pick<Storage, 'getItem'> | null): KeptSandbox[] {
  const list = read(storage, keys.sandboxes);
  return Array.isArray(list) ? list.filter(isKeptSandbox) : [];
}

/** Keeps a sandbox as the newest. */
export function keep(storage: KeyValueStore | null, sandbox: KeptSandbox): void {
  const others = readKept(storage).filter((one) => one.id !== sandbox.id);
  write(storage, keys.sandboxes, [sandbox, ...others].slice(0, MOST_SANDBOXES));
}

/** Forgets a sandbox; the sandbox itself stays. */
export function forget(storage: KeyValueStore | null, id: string): void {
  write(
    storage,
    keys.sandboxes,
    readKept(storage).filter((one) => one.id !== id),
  );
}

/** The sandboxes of this browser's guided walks. */
export function readWalked(storage: Pick<Storage, 'getItem' | 'key' | 'length'>): KeptSandbox[] {
  const found: KeptSandbox[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith(keys.run(''))) continue;
    const state = read(storage, key) as { sandbox?: { id?: unknown; control_token?: unknown } | null } | null;
    if (typeof state?.sandbox?.id === 'string' && typeof state.sandbox.control_token === 'string')
      found.push({ id: state.sandbox.id, token: state.sandbox.control_token, at: 0 });
  }
  return found;
}
