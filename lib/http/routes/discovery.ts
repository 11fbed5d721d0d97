/** The documents by which clients find everything else. */
import { jwksAnswer, metadataAnswer, resourceMetadataAnswer } from '#lib/spec/answers.ts';
import type { Operation, Route } from '../route.ts';
import { lazy } from './lazy.ts';

const oauth = lazy(async () => (await import('#lib/oauth/endpoints/metadata.ts')).oauthMetadata);
const openid = lazy(async () => (await import('#lib/oauth/endpoints/metadata.ts')).openidMetadata);
const prm = lazy(async () => (await import('#lib/mcp/prm.ts')).resourceMetadata);
const jwks = lazy(async () => (await import('#lib/oauth/endpoints/jwks.ts')).jwks);

const NOT_HERE = 'There is no document at this address.';

const oauthDocument = (id: string): Operation => ({
  id,
  summary: 'Authorization server metadata',
  clause: 'rfc8414-3.1',
  answers: { 200: { description: 'The document.', schema: metadataAnswer }, 404: NOT_HERE },
  handle: oauth,
});
const openidDocument = (id: string): Operation => ({
  id,
  summary: 'OpenID Provider metadata',
  clause: 'rfc8414-3.1',
  answers: { 200: { description: 'The document.', schema: metadataAnswer }, 404: NOT_HERE },
  handle: openid,
});
const resourceDocument = (id: string): Operation => ({
  id,
  summary: 'Protected resource metadata',
  clause: 'rfc9728-3.1',
  answers: { 200: { description: 'The document.', schema: resourceMetadataAnswer }, 404: NOT_HERE },
  handle: prm,
});

const common = { cors: 'open', recorded: true } as const;

export const discoveryRoutes: readonly Route[] = [
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'inserted',
    issuers: 'all',
    location: 'oauth-inserted',
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: oauthDocument('readInsertedServerMetadata') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'base',
    issuers: 'all',
    location: 'oauth-appended',
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: oauthDocument('readServerMetadata') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'inserted',
    issuers: 'all',
    location: 'oidc-inserted',
    path: '/.well-known/openid-configuration',
    methods: { GET: openidDocument('readInsertedOpenIdConfiguration') },
  },
  {
    ...common,
    endpoint: 'as-metadata',
    scope: 'base',
    issuers: 'all',
    location: 'oidc-appended',
    path: '/.well-known/openid-configuration',
    methods: { GET: openidDocument('readOpenIdConfiguration') },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'inserted',
    location: 'path',
    path: '/.well-known/oauth-protected-resource',
    suffix: '/:resource',
    methods: { GET: resourceDocument('readResourceMetadata') },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'base',
    location: 'custom',
    path: '/resource-metadata.json',
    exists: (tenant) => tenant.config['prm.location'] === 'custom',
    methods: { GET: resourceDocument('readCustomResourceMetadata') },
  },
  {
    ...common,
    endpoint: 'prm',
    scope: 'origin',
    location: 'root',
    path: '/.well-known/oauth-protected-resource',
    exists: (tenant) => tenant.config['prm.location'] === 'root',
    methods: { GET: resourceDocument('readRootResourceMetadata') },
  },
  {
    ...common,
    endpoint: 'jwks',
    scope: 'base',
    issuers: 'all',
    decoy: true,
    path: '/.well-known/jwks.json',
    methods: {
      GET: {
        id: 'readKeys',
        summary: 'Public keys',
        clause: 'rfc8414-2',
        answers: { 200: { description: 'A JWK set.', schema: jwksAnswer } },
        handle: jwks,
      },
    },
  },
];
