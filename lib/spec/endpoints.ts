/**
 * The endpoints that carry the protocol, by the names that everyone uses: the recorder's `endpoint`, a
 * fault's `endpoint`, the anchor in the reference. What lives at which address stands in the table of
 * `lib/http/routes`; the two are held together by the types and by a test.
 */

export interface EndpointFacts {
  readonly group: 'discovery' | 'oauth' | 'resources' | 'about';
  /** Who answers: the authorization server, or the protected resource. */
  readonly answers: 'as' | 'mcp';
  /** A person's browser asks, not the client. */
  readonly userFacing?: true;
  /** Whether a fault can be scripted for it. */
  readonly faultable: boolean;
}

export const endpoints = {
  prm: { group: 'discovery', answers: 'mcp', faultable: true },
  'as-metadata': { group: 'discovery', answers: 'as', faultable: true },
  jwks: { group: 'discovery', answers: 'as', faultable: true },
  register: { group: 'oauth', answers: 'as', faultable: true },
  registration: { group: 'oauth', answers: 'as', faultable: true },
  authorize: { group: 'oauth', answers: 'as', userFacing: true, faultable: true },
  consent: { group: 'oauth', answers: 'as', userFacing: true, faultable: true },
  par: { group: 'oauth', answers: 'as', faultable: true },
  token: { group: 'oauth', answers: 'as', faultable: true },
  introspect: { group: 'oauth', answers: 'as', faultable: true },
  revoke: { group: 'oauth', answers: 'as', faultable: true },
  device: { group: 'oauth', answers: 'as', faultable: true },
  activate: { group: 'oauth', answers: 'as', userFacing: true, faultable: false },
  userinfo: { group: 'oauth', answers: 'as', faultable: true },
  'sign-in': { group: 'oauth', answers: 'as', userFacing: true, faultable: false },
  'sign-in-callback': { group: 'oauth', answers: 'as', userFacing: true, faultable: false },
  'sign-out': { group: 'oauth', answers: 'as', userFacing: true, faultable: false },
  logout: { group: 'oauth', answers: 'as', userFacing: true, faultable: true },
  mcp: { group: 'resources', answers: 'mcp', faultable: true },
  bearer: { group: 'resources', answers: 'mcp', faultable: true },
  'no-auth': { group: 'resources', answers: 'mcp', faultable: true },
  resource: { group: 'resources', answers: 'mcp', faultable: true },
  'admin-resource': { group: 'resources', answers: 'mcp', faultable: true },
  /** `{base}` itself. */
  server: { group: 'about', answers: 'as', faultable: false },
  /** An address where nothing is. */
  unknown: { group: 'about', answers: 'as', faultable: false },
} as const satisfies Readonly<Record<string, EndpointFacts>>;

/** An endpoint by the name that the recorder gives it, such as `token`, `authorize`, `mcp`. */
export type EndpointName = keyof typeof endpoints;

/** Endpoints for which a fault can be scripted. */
export type FaultableEndpoint = {
  [name in EndpointName]: (typeof endpoints)[name]['faultable'] extends true ? name : never;
}[EndpointName];

export const faultableEndpoints = Object.entries(endpoints)
  .filter(([, { faultable }]) => faultable)
  .map(([name]) => name) as [FaultableEndpoint, ...FaultableEndpoint[]];
