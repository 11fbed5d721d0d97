import type { Handler } from '../route.ts';

const loaders = new Set<() => Promise<unknown>>();

/** Loads every handler that is not loaded yet, so that the first request of each kind does not wait. */
export async function warm(): Promise<void> {
  for (const load of loaders) await load().catch(() => undefined);
}

/** A handler whose module is loaded when it is first asked for, so that the server listens sooner. */
export function lazy(load: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  loaders.add(load);
  return async (ctx, params) => {
    handler ??= await load();
    return handler(ctx, params);
  };
}
