/** Where metadata is found, and what it names. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';

const LOCATIONS = ['oauth-inserted', 'oidc-inserted', 'oidc-appended', 'oauth-appended'] as const;

export const discoveryKnobs = {
  'issuer.trailingSlash': knob({
    title: 'Issuer ends in a slash',
    does: prose`The issuer identifier ends in a slash, byte-identical in the protected resource metadata, the
      authorization server metadata, iss and the tokens. The well-known addresses stay as they are, because both
      discovery specifications drop that slash before they insert or append.`,
    group: 'Discovery',
    actsAt: ['prm', 'as-metadata', 'authorize', 'token'],
    schema: z.boolean(),
    default: false,
  }),
  'compat.rootEndpoints': knob({
    title: 'Endpoints at the root',
    does: prose`Also answers at /authorize, /token and /register at the root of the origin, the default paths of MCP
      2025-03-26 for servers without metadata. Only for a sandbox that is alone on its origin.`,
    group: 'Discovery',
    actsAt: ['register', 'authorize', 'token'],
    schema: z.boolean(),
    default: false,
    refused: [
      {
        where: 'shared-origin',
        refuses: (value) => value,
        says: prose`compat.rootEndpoints needs a sandbox that is alone on its origin, because these addresses name no
          sandbox. Run it under authwalk check or createAuthwalk.`,
      },
    ],
  }),
  'compat.shortPaths': knob({
    title: 'Short paths',
    does: prose`Also answers at {base}/authorize, /token, /introspect, /revoke, /userinfo, /logout and
      /device_authorization, where other servers have these endpoints. The metadata goes on naming the long ones.`,
    group: 'Discovery',
    actsAt: ['authorize', 'token', 'introspect', 'userinfo', 'device'],
    schema: z.boolean(),
    default: false,
  }),
  'prm.location': knob({
    title: 'Address of the resource metadata',
    does: prose`The one address at which the protected resource metadata answers; the others are 404. path: the
      well-known address with the path of the resource inserted. custom: {base}/resource-metadata.json, which only the
      challenge tells. root: the well-known address without a path, whose resource is the origin (only for a sandbox
      that is alone on its origin). none: nowhere.`,
    group: 'Discovery',
    actsAt: ['prm'],
    schema: z.enum(['path', 'custom', 'root', 'none']),
    default: 'path',
    refused: [
      {
        where: 'shared-origin',
        refuses: (value) => value === 'root',
        says: prose`prm.location: root needs a sandbox that is alone on its origin, because this address names no
          sandbox. Run it under authwalk check or createAuthwalk.`,
      },
    ],
  }),
  'prm.inChallenge': knob({
    title: 'Challenge names the resource metadata',
    does: 'Whether the 401 and 403 challenges carry resource_metadata.',
    group: 'Discovery',
    actsAt: ['resource'],
    schema: z.boolean(),
    default: true,
  }),
  'prm.authorizationServers': knob({
    title: 'Authorization servers named',
    does: prose`Which issuers authorization_servers names, in this order. The MCP server accepts tokens of the issuers
      that are named at the time of the request, and of no other.`,
    group: 'Discovery',
    actsAt: ['prm'],
    schema: z
      .array(z.enum(['own', 'as2']))
      .min(1)
      .max(2),
    default: ['own'],
  }),
  'metadata.locations': knob({
    title: 'Addresses of the server metadata',
    does: prose`Where the metadata of each issuer answers; the other addresses are 404. inserted puts the well-known
      part between host and path, appended puts it after the path. For an issuer without a path both are the same
      address.`,
    group: 'Discovery',
    actsAt: ['as-metadata'],
    schema: z.array(z.enum(LOCATIONS)).max(4),
    default: [...LOCATIONS],
  }),
  'metadata.decoy': knob({
    title: 'Endpoints that only the metadata names',
    does: prose`The endpoints in the metadata lie under a path that nothing else names ({base}/decoy/…) and work. Any
      request to them proves that the client used this document.`,
    group: 'Discovery',
    actsAt: ['as-metadata', 'register', 'authorize', 'token'],
    schema: z.boolean(),
    default: false,
  }),
};
