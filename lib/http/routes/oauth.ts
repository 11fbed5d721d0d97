/** The endpoints of the authorization server. */
import type { Tenant } from '#lib/oauth/context.ts';
import type { Route } from '../route.ts';
import { authorizationRoutes } from './authorization.ts';
import { registrationRoutes } from './registration.ts';
import { tokenRoutes } from './tokens.ts';
import { userRoutes } from './users.ts';

/** The same endpoints without `/oauth` before them, by the knob `compat.shortPaths`. */
const SHORT = ['introspect', 'revoke', 'device_authorization', 'userinfo', 'logout'];
function shortRoutes(routes: readonly Route[]): Route[] {
  return routes
    .filter(({ path }) => SHORT.includes(path.slice('/oauth/'.length)))
    .map((route) => ({
      ...route,
      path: route.path.slice('/oauth'.length),
      short: true,
      exists: ({ config }: Tenant) => config['compat.shortPaths'],
      methods: Object.fromEntries(
        Object.entries(route.methods).map(([method, operation]) => [
          method,
          { ...operation, id: `${operation.id}AtShortPath`, summary: `${operation.summary}, at a short path` },
        ]),
      ),
    }));
}

const longRoutes = [...registrationRoutes, ...authorizationRoutes, ...tokenRoutes, ...userRoutes];

export const oauthRoutes: readonly Route[] = [...longRoutes, ...shortRoutes(longRoutes)];
