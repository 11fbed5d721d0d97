/** How clients become known, and how they authenticate. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { clientSeeds } from '../seed.ts';
import { AUTH_METHODS, mergePatchSchema, seconds } from '../values.ts';

export const clientKnobs = {
  'registration.dynamic': knob({
    title: 'Dynamic client registration',
    does: prose`Whether clients can register themselves. Off: registration_endpoint is not advertised and the endpoint
      answers 404.`,
    group: 'Clients',
    actsAt: ['register'],
    schema: z.boolean(),
    default: true,
  }),
  'registration.redirectPolicy': knob({
    title: 'Redirect URIs that can be registered',
    does: prose`Which redirect URIs registration accepts. safe: https, loopback http and private-use schemes. any: also
      http to other hosts, as container networks need it. Neither takes a scheme that browsers execute. oidc: reads
      application_type as OpenID Connect does, with web if it is missing, and refuses loopback and http for web, and
      remote hosts over http for native. closed: refuses every one. A refusal is 400 invalid_redirect_uri, with a
      description that names the URI and the reason.`,
    group: 'Clients',
    actsAt: ['register'],
    schema: z.enum(['safe', 'any', 'oidc', 'no-loopback', 'no-private-scheme', 'closed']),
    default: 'safe',
  }),
  'registration.authMethod': knob({
    title: 'Method that a registration ends up with',
    does: prose`The token_endpoint_auth_method of a new registration. requested: what the client asked for, and
      client_secret_basic if it asked for nothing, as RFC 7591 says. Anything else overrides that. The answer always
      says which method it is, and the token endpoint then enforces it; only if nothing was asked for, both secret
      methods are accepted.`,
    group: 'Clients',
    actsAt: ['register'],
    schema: z.enum(['requested', 'none', 'client_secret_basic', 'client_secret_post']),
    default: 'requested',
  }),
  'registration.secretAlphabet': knob({
    title: 'Characters of client secrets',
    does: 'special puts characters into client secrets that form encoding changes (%, +, :, /, = and a space).',
    group: 'Clients',
    actsAt: ['register'],
    schema: z.enum(['url-safe', 'special']),
    default: 'url-safe',
  }),
  'registration.secretLifetime': knob({
    title: 'Lifetime of client secrets',
    does: 'How long a client secret lives, told in client_secret_expires_at. 0 means for ever.',
    group: 'Clients',
    actsAt: ['register', 'token'],
    schema: seconds,
    unit: 'seconds',
    default: 0,
  }),
  'registration.scope': knob({
    title: 'Meaning of the registered scope',
    does: prose`What the scope of a registration is. default: what an authorization without scope gets, and no limit.
      ceiling: also the most that the client may ask for. For pre-registered clients it is always a ceiling.`,
    group: 'Clients',
    actsAt: ['authorize', 'token', 'device'],
    schema: z.enum(['default', 'ceiling']),
    default: 'default',
  }),
  'registration.unoffered': knob({
    title: 'Registration of what is not offered',
    does: prose`What happens if a registration asks for a grant or a response type that this server does not offer.
      replace: it is left out of the answer. refuse: 400 invalid_client_metadata.`,
    group: 'Clients',
    actsAt: ['register'],
    schema: z.enum(['replace', 'refuse']),
    default: 'replace',
  }),
  clients: knob({
    title: 'Pre-registered clients',
    does: prose`Clients that exist from the start. Secrets and key pairs are made when the sandbox is made and shown
      with its connection details; client_id is used as it stands.`,
    group: 'Clients',
    actsAt: ['register', 'authorize', 'token'],
    schema: clientSeeds.max(50),
    default: [],
    shape:
      '{ client_id, token_endpoint_auth_method?, client_secret?, redirect_uris?, grant_types?, scope?, resource? }',
  }),
  'cimd.support': knob({
    title: 'Client ID metadata documents',
    does: prose`Whether a client identifier may be the address of a metadata document. Off:
      client_id_metadata_document_supported is not advertised and such an identifier is an unknown client.`,
    group: 'Clients',
    actsAt: ['as-metadata', 'authorize', 'token'],
    schema: z.boolean(),
    default: true,
  }),
  'cimd.fetch': knob({
    title: 'Fetching of client documents',
    does: prose`What fetching the client's metadata document brings. real: fetches it. assume: believes the address
      without fetching and accepts the redirect URI of the request, for runs without a network. The rest pretend that
      fetching went wrong in that way, whatever the document holds.`,
    group: 'Clients',
    actsAt: ['authorize', 'token'],
    schema: z.enum(['real', 'assume', 'unreachable', 'not-found', 'invalid-json', 'wrong-client-id']),
    default: 'real',
  }),
  'cimd.guard': knob({
    title: 'Guard on fetched addresses',
    does: prose`none-simulated answers fetches of inner addresses from an invented network. No real inner address is
      fetched at either setting.`,
    group: 'Clients',
    actsAt: ['authorize'],
    schema: z.enum(['strict', 'none-simulated']),
    default: 'strict',
  }),
  'cimd.patch': knob({
    title: 'Edited client documents',
    does: prose`A JSON merge patch over the client's metadata document, after it was fetched or assumed and before it is
      checked.`,
    group: 'Clients',
    actsAt: ['authorize'],
    schema: mergePatchSchema,
    default: {},
    shape: 'JSON merge patch (RFC 7396)',
  }),
  'clientAuth.methods': knob({
    title: 'Methods of client authentication',
    does: prose`Which client authentication methods exist. A registration that asks for another one gets the first of
      the list, and the method of the registration is enforced.`,
    group: 'Clients',
    actsAt: ['as-metadata', 'register', 'token'],
    schema: z.array(z.enum(AUTH_METHODS)).min(1).max(4),
    default: [...AUTH_METHODS],
  }),
  'clientAuth.required': knob({
    title: 'Client authentication demanded',
    does: prose`Whether a confidential client has to authenticate. Off: its secret is not asked for, for old clients and
      labs.`,
    group: 'Clients',
    actsAt: ['token', 'introspect'],
    schema: z.boolean(),
    default: true,
  }),
};
