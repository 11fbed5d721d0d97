/** What the whole sandbox is: presets, further issuers, scripted misbehaviour, CORS and limits. */
import { z } from 'zod';
import { faultSchema } from '../fault.ts';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { stageSchema } from '../stage.ts';
import { type EndpointName, endpoints } from '#lib/spec/endpoints.ts';
import { isAboveInstance } from '#lib/spec/limits.ts';
import { FURTHER_ISSUERS, GRANTS, mergePatchSchema } from '../values.ts';

const limit = z.strictObject({
  requests: z.number().int().min(1).max(1_000_000),
  seconds: z.number().int().min(1).max(86_400),
  per: z.enum(['address', 'client']),
});

/** Endpoints that can have a limit. */
const LIMITED = Object.keys(endpoints) as [EndpointName, ...EndpointName[]];

export const serverKnobs = {
  preset: knob({
    title: 'Stand in for another server',
    does: prose`Seeds clients and users, and sets knobs, as another server has them. node-oauth2-server: two
      confidential clients, one user, the password grant and opaque tokens. rust-oauth2-server: PKCE is optional, its
      address aliases and its rate limits. auth0-device: pending polls of the device grant are answered with 403.`,
    group: 'Server',
    actsAt: ['register', 'token'],
    schema: z.enum(['none', 'node-oauth2-server', 'rust-oauth2-server', 'auth0-device']),
    default: 'none',
  }),
  issuers: knob({
    title: 'Further issuers',
    does: prose`Opens further issuers inside the sandbox, each at {base}/{label} with its own keys, clients, endpoints
      and metadata. Their exchanges are recorded in the same sandbox. as2 is a second authorization server for the same
      resource. idp is an enterprise identity provider: it issues ID tokens, exchanges tokens for an ID-JAG and signs
      workload assertions. The sandbox's own authorization server trusts it.`,
    group: 'Server',
    actsAt: ['as-metadata', 'register', 'authorize', 'token', 'jwks'],
    schema: z.array(z.enum(FURTHER_ISSUERS)).max(2),
    default: [],
  }),
  'idp.clientAuth': knob({
    title: 'Client authentication at the identity provider',
    does: prose`Whether a confidential client has to authenticate at idp. optional: its identifier is enough there,
      since the clients of the MCP conformance suite are told no secret for it. Wrong credentials are
      refused all the same.`,
    group: 'Server',
    actsAt: ['token'],
    schema: z.enum(['required', 'optional']),
    default: 'required',
  }),
  faults: knob({
    title: 'Faults from the start',
    does: prose`The scripted faults that the sandbox starts with, in the form of POST …/faults. match narrows a fault to
      some requests; nth and times count the requests that match. With delay_ms alone the request is processed at once
      and the answer is late. With status, body, error or drop the answer is replaced: without committed the request is
      not processed at all; with committed it is processed, and only its answer is lost or replaced. drop closes the
      connection without an answer, after delay_ms if that is set. error fills in an OAuth error body.`,
    group: 'Server',
    actsAt: ['transport'],
    schema: z.array(faultSchema).max(100),
    default: [],
    shape: prose`{ endpoint, match?: { grant_type?, rpc_method?, tool?, authenticated?, location?, method?, parameters?,
      headers? }, nth?: 1, times?: 1 | always, client_id?, priority?, effect: { status?, headers?, body?, content_type?,
      error?, delay_ms?, hang_ms?, drop?, committed?, hold? } }`,
  }),
  stages: knob({
    title: 'Changes on the way',
    does: prose`Changes of behaviour that happen once, when an event has occurred often enough: for example after the
      first authenticated call, name another authorization server. A stage acts after the exchange that completes its
      count, and is shown there. Events: metadata-fetch, register, authorize-request, token-issued, refresh (a request
      that succeeded), authenticated-call (an MCP request whose token was accepted), tool-call (a tools/call request
      with a token, accepted or not). Actions apply to everything issued so far.`,
    group: 'Server',
    actsAt: ['transport'],
    schema: z.array(stageSchema).max(50),
    default: [],
    shape: prose`{ after: { event, count }, set?: { knob: value }, do?: [ expire-access-tokens | revoke-access-tokens |
      revoke-grants | forget-clients | rotate-keys ], advance?: seconds }`,
  }),
  patch: knob({
    title: 'Edited answers',
    does: prose`Edits a successful JSON answer just before it leaves, without changing what the server did or stored:
      null removes a member, any other value sets it. In strings {origin}, {base}, {issuer}, {resource} and {prm} (the
      address of the resource metadata) stand for those of the sandbox. This is how the server lies, leaves out an
      optional member or adds an unknown one. If as2 is open, the patch of as-metadata is for the sandbox's own issuer
      alone.`,
    group: 'Server',
    actsAt: ['prm', 'as-metadata', 'register', 'token', 'introspect', 'jwks', 'device'],
    schema: z.partialRecord(
      z.enum(['prm', 'as-metadata', 'register', 'token', 'introspect', 'jwks', 'device']),
      mergePatchSchema,
    ),
    default: {},
    shape: '{ prm | as-metadata | register | token | introspect | jwks | device: JSON merge patch (RFC 7396) }',
  }),
  legacyGrants: knob({
    title: 'Password grant',
    does: 'Adds the password grant that OAuth 2.1 removed.',
    group: 'Server',
    actsAt: ['as-metadata', 'token'],
    schema: z.boolean(),
    default: false,
  }),
  grants: knob({
    title: 'Grants offered',
    does: prose`Which grants exist (legacyGrants decides on the password grant). The metadata follows; endpoints that
      only a missing grant needs are not advertised.`,
    group: 'Server',
    actsAt: ['as-metadata', 'authorize', 'token', 'device'],
    schema: z.array(z.enum(GRANTS)).max(6),
    default: [...GRANTS],
  }),
  cors: knob({
    title: 'Cross-origin requests',
    does: prose`What browsers on other origins may do. full: read every answer and its exposed headers, without
      credentials. credentials: also send cookies from loopback origins, except at authorization and consent.
      no-expose: read answers, but no header such as WWW-Authenticate. none: read nothing.`,
    group: 'Server',
    actsAt: ['transport'],
    schema: z.enum(['full', 'credentials', 'no-expose', 'none']),
    default: 'full',
    refused: [
      {
        where: 'public',
        refuses: (value) => value === 'credentials',
        says: prose`cors: credentials is refused on a public instance, because any page could act with the cookies of a
          user.`,
      },
    ],
  }),
  limits: knob({
    title: 'Rate limits',
    does: prose`Rate limits by endpoint: so many requests in so many seconds for each client address or each client. *
      stands for every endpoint that is not named.
      Past the limit the answer is 429 with Retry-After. On a public instance the limits of the instance hold as well:
      these can only lower them, and a higher one is refused.`,
    group: 'Server',
    actsAt: ['transport'],
    schema: z.partialRecord(z.enum([...LIMITED, '*']), limit),
    default: {},
    shape: '{ endpoint or *: { requests, seconds, per: address | client } }',
    refused: [
      {
        where: 'public',
        refuses: (limits) =>
          Object.entries(limits).some(([endpoint, { requests, seconds }]) =>
            isAboveInstance(endpoint as EndpointName | '*', requests, seconds),
          ),
        says: prose`limits: on a public instance a sandbox can only lower the limits of the instance. The reference has
          them by endpoint.`,
      },
    ],
  }),
};
