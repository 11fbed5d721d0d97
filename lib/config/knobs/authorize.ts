/** The authorization endpoint, its answer, and the decision of the user. */
import { z } from 'zod';
import { malformed } from '#lib/spec/uri.ts';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { EMAIL_ADDRESS, seconds } from '../values.ts';

/** What a token can be for: RFC 8707 §2 allows no fragment, so one that has it could never be asked for. */
const resourceUri = z
  .url()
  .max(2000)
  .refine(
    (value) => malformed(value) === null,
    'a resource is an absolute URI without a fragment (RFC 8707 section 2)',
  );

export const authorizeKnobs = {
  'authorize.pkce': knob({
    title: 'PKCE',
    does: prose`Which code challenges are required and accepted. The two weaker settings are for the attack labs and
      for old clients.`,
    group: 'Authorization',
    actsAt: ['as-metadata', 'authorize', 'token'],
    schema: z.enum(['s256', 's256-or-plain', 'optional']),
    default: 's256',
  }),
  'authorize.responseType': knob({
    title: 'Missing response_type',
    does: prose`What a request without response_type gets. assumed: it counts as code. strict: invalid_request, as
      RFC 6749 §3.1.1 says.`,
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['assumed', 'strict']),
    default: 'assumed',
  }),
  'authorize.unknownClient': knob({
    title: 'Unknown clients',
    does: 'accept: a client that nobody has registered may use loopback redirect URIs. refuse: it gets an error page.',
    group: 'Authorization',
    actsAt: ['authorize', 'token'],
    schema: z.enum(['refuse', 'accept']),
    default: 'refuse',
    refused: [
      {
        where: 'public',
        refuses: (value) => value === 'accept',
        says: 'authorize.unknownClient: accept is refused on a public instance.',
      },
    ],
  }),
  'authorize.silent': knob({
    title: 'Who may get a code by prompt=none',
    does: prose`Who may get a code without the user seeing anything. assured: confidential clients; on a loopback
      instance also a client that registered application_type web itself, at exactly the registered URI, port included.
      any: every client.`,
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['assured', 'any']),
    default: 'assured',
    refused: [
      {
        where: 'public-default',
        refuses: (value) => value === 'any',
        says: 'authorize.silent: any is refused in the sandbox default of a public instance.',
      },
    ],
  }),
  'authorize.redirectPort': knob({
    title: 'Port of loopback redirect URIs',
    does: 'For which registered redirect URIs the port may differ: 127.0.0.1 and [::1]; those and localhost; none.',
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['loopback-ip', 'loopback-any', 'exact']),
    default: 'loopback-any',
  }),
  'authorize.redirectMatch': knob({
    title: 'Comparison of redirect URIs',
    does: prose`How redirect URIs are compared. prefix takes every address that begins, as a string, with scheme and
      host of a registered one; it is for an attack lab.`,
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['exact', 'prefix']),
    default: 'exact',
  }),
  'authorize.iss': knob({
    title: 'iss of the answer',
    does: prose`The iss of every authorization response, errors included. equivalent: differs from the issuer byte for
      byte and is equal to it after URL normalization (a slash is added if the issuer has no path, else the host is in
      upper case). omit: left out, and no longer advertised unless patch says otherwise.`,
    group: 'Authorization',
    actsAt: ['as-metadata', 'authorize'],
    schema: z.enum(['correct', 'omit', 'other-issuer', 'equivalent']),
    default: 'correct',
  }),
  'authorize.state': knob({
    title: 'state of the answer',
    does: 'What comes back as state.',
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['echo', 'wrong', 'omit']),
    default: 'echo',
  }),
  'authorize.code': knob({
    title: 'code of the answer',
    does: 'Whether the code in the answer is one that the token endpoint knows.',
    group: 'Authorization',
    actsAt: ['authorize'],
    schema: z.enum(['valid', 'wrong', 'omit']),
    default: 'valid',
  }),
  'code.lifetime': knob({
    title: 'Lifetime of codes',
    does: "How long a code can be redeemed, counted from its issue on the sandbox's clock.",
    group: 'Authorization',
    actsAt: ['authorize', 'token'],
    schema: seconds,
    unit: 'seconds',
    default: 60,
  }),
  'par.required': knob({
    title: 'Pushed requests demanded',
    does: prose`Whether the authorization endpoint takes only requests that were pushed, advertised as
      require_pushed_authorization_requests.`,
    group: 'Authorization',
    actsAt: ['as-metadata', 'authorize'],
    schema: z.boolean(),
    default: false,
  }),
  resourceParameter: knob({
    title: 'The resource parameter',
    does: prose`What the authorization server does with resource. honour: narrows the audience to it, and answers
      invalid_target for one that may not be asked for. require: also answers invalid_target if it is missing. ignore:
      takes the sandbox's own MCP server whatever it says. reject: answers invalid_target if it is present.`,
    group: 'Authorization',
    actsAt: ['authorize', 'token'],
    schema: z.enum(['honour', 'require', 'ignore', 'reject']),
    default: 'honour',
  }),
  resources: knob({
    title: 'Resources that may be asked for',
    does: prose`Whose resource a token may be for. own: those of the sandbox. loopback: on a loopback instance also any
      loopback address except at this instance's own port, so that your own MCP server can trust this server; on a
      public instance the same as own. any: every one. A list: the sandbox's own and those named.`,
    group: 'Authorization',
    actsAt: ['authorize', 'token', 'device'],
    schema: z.union([z.enum(['own', 'loopback', 'any']), z.array(resourceUri).min(1).max(50)]),
    default: 'loopback',
    refused: [
      {
        where: 'public-default',
        refuses: (value) => value === 'any' || Array.isArray(value),
        says: 'resources: any and lists are refused in the sandbox default of a public instance.',
      },
    ],
  }),
  audienceParameter: knob({
    title: 'The audience parameter',
    does: prose`What the authorization server does with the older audience parameter. honour: lets any absolute URI join
      the audience. needed-for-jwt: a request without it gets an opaque token that only the userinfo endpoint
      accepts.`,
    group: 'Authorization',
    actsAt: ['authorize', 'token', 'device'],
    schema: z.enum(['ignore', 'honour', 'needed-for-jwt']),
    default: 'honour',
  }),
  'consent.outcome': knob({
    title: 'Decision of the user',
    does: prose`How the user decides. ask: shows the page. approve and deny: decide without it. The two error codes
      come back by redirect. silent: shows a page that never comes to an end.`,
    group: 'Consent',
    actsAt: ['consent'],
    schema: z.enum(['ask', 'approve', 'deny', 'server_error', 'temporarily_unavailable', 'silent']),
    default: 'ask',
    refused: [
      {
        where: 'public-default',
        refuses: (value) => value === 'approve',
        says: 'consent.outcome: approve is refused in the sandbox default of a public instance.',
      },
    ],
  }),
  'consent.approver': knob({
    title: 'Who approves without a page',
    does: prose`The address of the user who answers under consent.outcome: approve, if nobody is signed in. The user is
      made if there is none. Empty: a new test user each time.`,
    group: 'Consent',
    actsAt: ['authorize', 'consent'],
    schema: z
      .string()
      .max(254)
      .refine((value) => value === '' || EMAIL_ADDRESS.test(value), 'takes an email address, or nothing'),
    default: '',
  }),
  'upstream.consent': knob({
    title: 'Consent after sign-in by a provider',
    does: prose`Who is asked after a user has signed in through an upstream provider. asked: the consent page shows
      which client wants what, and the user decides. assumed: the user is sent to the provider without a consent page,
      and a user who comes back counts as having agreed, whichever client asked. assumed is for the attack lab of the
      confused deputy.`,
    group: 'Consent',
    actsAt: ['authorize', 'consent'],
    schema: z.enum(['asked', 'assumed']),
    default: 'asked',
    refused: [
      {
        where: 'public-default',
        refuses: (value) => value === 'assumed',
        says: 'upstream.consent: assumed is refused in the sandbox default of a public instance.',
      },
    ],
  }),
  'consent.delay': knob({
    title: 'Pause after the decision',
    does: 'Real time that passes between the decision and the redirect, 30 s at most.',
    group: 'Consent',
    actsAt: ['consent'],
    schema: z.number().min(0).max(30),
    unit: 'seconds',
    default: 0,
  }),
  'consent.redirectNotice': knob({
    title: 'Notice where the answer goes',
    does: 'Whether the consent page shows where the answer goes. hidden is for an attack lab.',
    group: 'Consent',
    actsAt: ['consent'],
    schema: z.enum(['shown', 'hidden']),
    default: 'shown',
  }),
  'consent.framing': knob({
    title: 'Framing of the consent page',
    does: prose`Whether the consent page may be framed. allow is for an attack lab, and then only by the site's own
      origin.`,
    group: 'Consent',
    actsAt: ['consent'],
    schema: z.enum(['deny', 'allow']),
    default: 'deny',
  }),
};
