import type { AskSelf, Parts } from '../parts.ts';
import type { Route } from '../route.ts';
import { informationRoutes } from './information.ts';
import { controlRoutes } from './control.ts';
import { consentRoutes } from './consent.ts';
import { discoveryRoutes } from './discovery.ts';
import { mockServerRoutes } from './mockserver.ts';
import { oauthRoutes } from './oauth.ts';
import { resourceRoutes } from './resources.ts';
import { signInRoutes } from './sign-in.ts';

/**
 * Every endpoint, in the order in which addresses are tried.
 * @param ask sends a request to the application that is made of the table; undefined if the table is only read
 */
export function routeTable(parts: Parts, ask: AskSelf = nobody): readonly Route[] {
  const table: Route[] = [
    ...discoveryRoutes,
    ...oauthRoutes,
    ...signInRoutes(parts, ask),
    ...resourceRoutes,
    ...consentRoutes(parts),
    ...controlRoutes(parts),
  ];
  table.push(...mockServerRoutes(() => table, ask));
  table.push(...informationRoutes(parts, () => table));
  return table;
}

const nobody: AskSelf = () => Promise.reject(new Error('this table has no application'));
