/** What the routes of the authorization server have in common. */
import type { EndpointParameter } from '#lib/oauth/endpoints/parameters.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import type { ParameterDoc } from '../route.ts';

export const shared = { scope: 'base', issuers: 'all', decoy: true, recorded: true } as const;
export const open = { ...shared, cors: 'open' } as const;

/** The parameters of an endpoint, at their place in a request. */
export function within(place: ParameterDoc['in'], parameters: readonly EndpointParameter[]): ParameterDoc[] {
  return parameters.map((one) => ({ ...one, in: place }));
}

/** Several lists as one; of a name that stands in two, the first is taken. */
export function joined(...lists: readonly (readonly EndpointParameter[])[]): EndpointParameter[] {
  return [
    ...new Map(
      lists
        .flat()
        .toReversed()
        .map((one) => [one.name, one]),
    ).values(),
  ].toReversed();
}

/** A page for a browser. */
export const page = (description: string) => ({ description, types: ['text/html'] });

/** Whether `/authorize` and `/token` are endpoints too: by name, or at the root for clients of MCP 2025-03-26. */
export function isAtShortPath({ config, base, origin }: Tenant): boolean {
  return config['compat.shortPaths'] || (config['compat.rootEndpoints'] && base === origin);
}
