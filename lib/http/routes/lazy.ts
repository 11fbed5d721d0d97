import type { Context } from '#lib/oauth/context.ts';

export type Handler = (ctx: Context, params: Readonly<Record<string, string>>) => Promise<Response> | Response;

/** A handler whose module is loaded when it is first asked for, so that the server listens sooner. */
export function lazy(load: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  return async (ctx, params) => {
    handler ??= await load();
    return handler(ctx, params);
  };
}
