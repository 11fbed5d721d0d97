/** Clients introduce themselves, and manage their registration. */
import { registrationAnswer } from '#lib/spec/answers.ts';
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import { CLIENT_METADATA } from '#lib/oauth/endpoints/parameters.ts';
import type { Route } from '../route.ts';
import { lazy } from './lazy.ts';
import { open, within } from './parts.ts';

const register = lazy(async () => (await import('#lib/oauth/endpoints/register.ts')).register);
const readRegistration = lazy(async () => (await import('#lib/oauth/endpoints/registration.ts')).readRegistration);
const replaceRegistration = lazy(
  async () => (await import('#lib/oauth/endpoints/registration.ts')).replaceRegistration,
);
const deleteRegistration = lazy(async () => (await import('#lib/oauth/endpoints/registration.ts')).deleteRegistration);
const clientMetadata = lazy(async () => (await import('#lib/oauth/endpoints/client-metadata.ts')).clientMetadata);

const REGISTERED = { description: 'The client, with its identifier.', schema: registrationAnswer };

export const registrationRoutes: readonly Route[] = [
  {
    ...open,
    endpoint: 'register',
    path: '/oauth/register',
    limit: INSTANCE_LIMITS.register,
    malformed: 'invalid_client_metadata',
    methods: {
      POST: {
        id: 'registerClient',
        summary: 'Register a client',
        clause: 'rfc7591-3.1',
        body: 'json',
        answers: { 201: REGISTERED },
        parameters: within('json', CLIENT_METADATA),
        handle: register,
      },
    },
  },
  {
    ...open,
    endpoint: 'register',
    path: '/clients/register',
    limit: INSTANCE_LIMITS.register,
    malformed: 'invalid_client_metadata',
    methods: {
      POST: {
        id: 'registerClientByAlias',
        summary: 'Register a client: another address, whose answer also has created_at',
        clause: 'rfc7591-3.1',
        body: 'json',
        parameters: within('json', CLIENT_METADATA),
        answers: { 201: REGISTERED },
        handle: (ctx, params) => register(ctx, { ...params, alias: 'clients' }),
      },
    },
  },
  {
    ...open,
    endpoint: 'registration',
    path: '/oauth/register/:client_id',
    limit: INSTANCE_LIMITS.registration,
    malformed: 'invalid_client_metadata',
    methods: {
      GET: {
        id: 'readRegistration',
        summary: 'Read a registration',
        clause: 'rfc7592-2',
        answers: { 200: REGISTERED, 401: 'The registration access token is missing or wrong.' },
        handle: readRegistration,
      },
      PUT: {
        id: 'replaceRegistration',
        summary: 'Replace a registration',
        clause: 'rfc7592-2',
        body: 'json',
        parameters: within('json', CLIENT_METADATA),
        answers: { 200: REGISTERED, 401: 'The registration access token is missing or wrong.' },
        handle: replaceRegistration,
      },
      DELETE: {
        id: 'deleteRegistration',
        summary: 'Delete a registration, and revoke its grants',
        clause: 'rfc7592-2',
        answers: { 204: 'Gone.', 401: 'The registration access token is missing or wrong.' },
        handle: deleteRegistration,
      },
    },
  },
  {
    ...open,
    scope: 'origin',
    recorded: false,
    endpoint: 'client-metadata',
    path: '/client-metadata.json',
    methods: {
      GET: {
        id: 'readClientMetadata',
        summary: "The playground's own client ID metadata document",
        clause: 'cimd-3',
        answers: { 200: { description: 'The document.', schema: registrationAnswer } },
        handle: clientMetadata,
      },
    },
  },
  // The default paths of MCP 2025-03-26 for servers without metadata.
  {
    ...open,
    scope: 'origin',
    endpoint: 'register',
    path: '/register',
    malformed: 'invalid_client_metadata',
    exists: (tenant) => tenant.config['compat.rootEndpoints'],
    methods: {
      POST: {
        id: 'registerClientAtRoot',
        summary: 'Register a client at the default path of MCP 2025-03-26',
        body: 'json',
        parameters: within('json', CLIENT_METADATA),
        answers: { 201: REGISTERED },
        handle: register,
      },
    },
  },
];
