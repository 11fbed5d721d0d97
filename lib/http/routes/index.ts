import type { Parts } from '../parts.ts';
import type { Route } from '../route.ts';
import { informationRoutes } from './information.ts';
import { controlRoutes } from './control.ts';
import { consentRoutes } from './consent.ts';
import { discoveryRoutes } from './discovery.ts';
import { oauthRoutes } from './oauth.ts';
import { resourceRoutes } from './resources.ts';

/** Every endpoint, in the order in which addresses are tried. */
export function routeTable(parts: Parts): readonly Route[] {
  const table: Route[] = [
    ...discoveryRoutes,
    ...oauthRoutes,
    ...resourceRoutes,
    ...consentRoutes(parts),
    ...controlRoutes(parts),
  ];
  table.push(...informationRoutes(parts, () => table));
  return table;
}
