/**
 * The application: every protocol address of this server, from one table. Runs without a socket:
 * `app.fetch(request)` is all that an adapter, a Next route handler or a test needs.
 */
import { Hono } from 'hono';
import type { AskSelf, Bindings, Parts } from './parts.ts';
import { addressesOf, OWN } from './addresses.ts';
import type { Route } from './route.ts';
import { unknownRoute } from './routes/unknown.ts';
import { routeTable } from './routes/index.ts';
import { serve } from './serve.ts';
import { decodable, pathOf } from './url.ts';
import type { Arrival } from './visit.ts';

export { addressesOf } from './addresses.ts';

export type App = Hono<{ Bindings: Bindings }>;

/** The tree of a sandbox. */
const TREE = '/s/:sandbox';
/** The same, of a path that was asked for: the sandbox's id, and the rest. */
const IN_TREE = /^\/s\/([^/%]+)(\/.*)$/;

/** Which sandbox an address that nothing lives at belongs to. */
const SANDBOX_IN_PATH = /^(?:\/\.well-known\/[^/]+)?\/s\/([^/]+)/;

/**
 * Makes the application, and the table that it answers by.
 * @param parts what it stands on; `lib/server/container.ts` puts them together
 */
export function createApp(parts: Parts): { readonly app: App; readonly table: readonly Route[] } {
  const app: App = new Hono<{ Bindings: Bindings }>({ strict: true });
  const taken = new Set<string>();
  /** Routes without a parameter, by path: most requests are for these, and need no router. */
  const plain = new Map<string, Pick<Arrival, 'route' | 'place'>>();
  /** The same in the tree of a sandbox, by the path below it. */
  const inTree = new Map<string, Pick<Arrival, 'route' | 'place'>>();
  const ask: AskSelf = async (request, remoteAddress) => app.fetch(request, { remoteAddress, ownRequest: true });
  const table = routeTable(parts, ask);
  for (const route of table) {
    for (const { path, place } of addressesOf(route)) {
      if (taken.has(path)) continue;
      taken.add(path);
      const below = path.startsWith(`${TREE}/`) ? path.slice(TREE.length) : null;
      if (!/[:*{]/.test(below ?? path)) (below === null ? plain : inTree).set(below ?? path, { route, place });
      app.all(path, (c) =>
        serve(parts, {
          route,
          place,
          request: c.req.raw,
          env: c.env ?? {},
          params: c.req.param() as Record<string, string>,
        }),
      );
    }
  }
  app.notFound((c) => {
    const id = SANDBOX_IN_PATH.exec(pathOf(c.req.url))?.[1];
    return serve(parts, {
      route: unknownRoute,
      place: OWN,
      request: c.req.raw,
      env: c.env ?? {},
      params: id === undefined ? {} : { sandbox: id },
    });
  });
  app.onError((error) => {
    parts.log('outside of any route', error);
    return new Response(null, { status: 500 });
  });

  const routed = app.fetch;
  app.fetch = (request, env, context) => {
    if (request.url.includes('%') && !decodable(pathOf(request.url)))
      return serve(parts, {
        route: unknownRoute,
        place: OWN,
        request,
        env: (env ?? {}) as Bindings,
        params: { undecodable: '1' },
      });
    const path = pathOf(request.url);
    const [, sandbox, below = ''] = IN_TREE.exec(path) ?? [];
    const known = sandbox === undefined ? plain.get(path) : inTree.get(below);
    const params: Arrival['params'] = sandbox === undefined ? {} : { sandbox };
    if (known) return serve(parts, { ...known, request, env: (env ?? {}) as Bindings, params });
    return routed(request, env ?? {}, context);
  };
  return { app, table };
}
