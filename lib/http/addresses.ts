/** The addresses that a route has in the tree of a sandbox. */
import type { Route } from './route.ts';

/** Where in the tree of a sandbox a route was found. */
export interface Place {
  readonly issuer: 'as2' | 'idp' | null;
  readonly decoy: boolean;
}

export const OWN: Place = { issuer: null, decoy: false };

/** Every address of a route, with the place that it stands for. */
export function addressesOf(route: Route): { path: string; place: Place }[] {
  if (route.scope === 'origin') return [{ path: route.path, place: OWN }];
  const found: { path: string; place: Place }[] = [];
  const issuers = route.issuers === 'all' ? ([null, 'as2', 'idp'] as const) : ([null] as const);
  for (const base of ['', '/s/:sandbox']) {
    for (const issuer of issuers) {
      const below = base + (issuer === null ? '' : `/${issuer}`);
      if (route.scope === 'inserted')
        found.push({ path: `${route.path}${below}${route.suffix ?? ''}`, place: { issuer, decoy: false } });
      else {
        found.push({ path: below + route.path || '/', place: { issuer, decoy: false } });
        if (route.decoy) found.push({ path: `${below}/decoy${route.path}`, place: { issuer, decoy: true } });
      }
    }
  }
  return found;
}
