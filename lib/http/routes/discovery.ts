/** The documents by which clients find everything else. */
import type { Operation, Route } from '../route.ts';
import { type Handler, lazy } from './lazy.ts';

const oauth = lazy(async () => (await import('#lib/oauth/endpoints/metadata.ts')).oauthMetadata);
const openid = lazy(async () => (await import('#lib/oauth/endpoints/metadata.ts')).openidMetadata);
const prm = lazy(async () => (await import('#lib/mcp/prm.ts')).resourceMetadata);
const jwks = lazy(async () => (await import('#lib/oauth/endpoints/jwks.ts')).jwks);

/** The same handler, told at which kind of address it was asked. */
function at(location: string, handler: Handler): Handler {
  return (ctx, params) => handler(ctx, { ...params, location });
}

const oauthDocument = (location: string): Operation => ({
  summary: 'Authorization server metadata',
  clause: 'rfc8414-3.1',
  responses: { 200: 'The document.', 404: 'Nothing is described at this address.' },
  handle: at(location, oauth),
});
const openidDocument = (location: string): Operation => ({
  summary: 'OpenID Provider metadata',
  clause: 'rfc8414-3.1',
  responses: { 200: 'The document.', 404: 'Nothing is described at this address.' },
  handle: at(location, openid),
});
const resourceDocument: Operation = {
  summary: 'Protected resource metadata',
  clause: 'rfc9728-3.1',
  responses: { 200: 'The document.', 404: 'Nothing is described at this address.' },
  handle: prm,
};

const common = { cors: 'open', recorded: true } as const;

export const discoveryRoutes: readonly Route[] = [
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'inserted',
    issuers: 'all',
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: oauthDocument('oauth-inserted') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'base',
    issuers: 'all',
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: oauthDocument('oauth-appended') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'inserted',
    issuers: 'all',
    path: '/.well-known/openid-configuration',
    methods: { GET: openidDocument('oidc-inserted') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'base',
    issuers: 'all',
    path: '/.well-known/openid-configuration',
    methods: { GET: openidDocument('oidc-appended') },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'inserted',
    path: '/.well-known/oauth-protected-resource',
    suffix: '/:resource',
    methods: { GET: resourceDocument },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'base',
    path: '/resource-metadata.json',
    exists: (tenant) => tenant.config['prm.location'] === 'custom',
    methods: { GET: resourceDocument },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'origin',
    path: '/.well-known/oauth-protected-resource',
    exists: (tenant) => tenant.config['prm.location'] === 'root',
    methods: { GET: resourceDocument },
  },
  {
    ...common,
    endpoint: 'jwks',
    scope: 'base',
    issuers: 'all',
    decoy: true,
    path: '/.well-known/jwks.json',
    methods: { GET: { summary: 'Public keys', clause: 'rfc8414-2', responses: { 200: 'A JWK set.' }, handle: jwks } },
  },
];
