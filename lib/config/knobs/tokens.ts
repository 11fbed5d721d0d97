/** Access tokens, ID tokens and the keys that sign them. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';
import { seconds, SIGNING_ALGS } from '../values.ts';

export const tokenKnobs = {
  'tokens.format': knob({
    title: 'Format of access tokens',
    does: 'Whether access tokens are JWTs (RFC 9068) or opaque.',
    group: 'Tokens and keys',
    actsAt: ['token', 'introspect'],
    schema: z.enum(['jwt', 'opaque']),
    default: 'jwt',
  }),
  'tokens.typ': knob({
    title: 'typ of access tokens',
    does: 'The typ header of JWT access tokens: at+jwt as RFC 9068 says, or JWT as older servers have it.',
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.enum(['at+jwt', 'JWT']),
    default: 'at+jwt',
  }),
  'tokens.alg': knob({
    title: 'Signature algorithm',
    does: prose`The signature algorithm of JWT access tokens and ID tokens. HS256 is for access tokens alone, and needs
      a key of your own with kty oct (PUT …/keys), which never appears in the key set.`,
    group: 'Tokens and keys',
    actsAt: ['token', 'jwks'],
    schema: z.enum([...SIGNING_ALGS, 'HS256']),
    default: 'ES256',
  }),
  'tokens.accessLifetime': knob({
    title: 'Lifetime of access tokens',
    does: prose`How long an access token is accepted; null means for ever. expires_in says the same (and is left out
      for null), unless patch changes it.`,
    group: 'Tokens and keys',
    actsAt: ['token', 'resource', 'introspect'],
    schema: seconds.min(1).nullable(),
    unit: 'seconds',
    default: 3600,
  }),
  'tokens.claims': knob({
    title: "A user's own claims",
    does: prose`Which of a user's own claims (groups, anything that is no protocol claim) are in access tokens, ID
      tokens and userinfo. own: all of them. none: none. A list: those named.`,
    group: 'Tokens and keys',
    actsAt: ['token', 'introspect', 'userinfo'],
    schema: z.union([z.enum(['own', 'none']), z.array(z.string().min(1).max(100)).max(100)]),
    default: 'own',
  }),
  'tokens.defect': knob({
    title: 'Defect of tokens',
    does: 'What is wrong with the tokens issued. The MCP server finds it and answers 401 invalid_token.',
    group: 'Tokens and keys',
    actsAt: ['token', 'resource'],
    schema: z.enum([
      'none',
      'expired',
      'not-yet-valid',
      'tampered-signature',
      'unknown-kid',
      'wrong-audience',
      'wrong-issuer',
    ]),
    default: 'none',
  }),
  'tokens.defectOn': knob({
    title: 'Which tokens have the defect',
    does: 'Which tokens have the defect, counted from 1 in the order of their issue in the sandbox.',
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.union([z.literal('all'), z.array(z.number().int().min(1)).max(100)]),
    default: 'all',
    shape: 'all | [number]',
  }),
  'tokens.defectIn': knob({
    title: 'Kinds of tokens with the defect',
    does: 'Whether the access token, the ID token or both have the defect.',
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.array(z.enum(['access', 'id'])).max(2),
    default: ['access'],
  }),
  'idToken.claims': knob({
    title: 'Claims of ID tokens',
    does: prose`Which claims about the user the ID token carries. scope: those of the granted scopes, as userinfo
      answers them. minimal: only what OpenID Connect requires.`,
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.enum(['scope', 'minimal']),
    default: 'scope',
  }),
  'exchange.policy': knob({
    title: 'Token exchange',
    does: prose`Which tokens a client may exchange. strict: the subject token was issued to this client or names it in
      aud; of own resources only those that the token already has; a logical name may join. open: no such limit.`,
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.enum(['strict', 'open']),
    default: 'strict',
  }),
  'assertions.once': knob({
    title: 'Assertions that are taken once',
    does: prose`Which assertions are taken once as a grant (jwt-bearer). own: those that a client signs about itself. An
      ID-JAG, and the assertion of a workload, is taken again until it expires, because its draft lets a client present
      it again in place of a refresh token. all: those too are taken once, as RFC 7523 lets a server do.`,
    group: 'Tokens and keys',
    actsAt: ['token'],
    schema: z.enum(['own', 'all']),
    default: 'own',
  }),
  'keys.overlap': knob({
    title: 'Overlap of keys',
    does: 'How long a retired public key stays in the key set, and tokens signed with it stay valid.',
    group: 'Tokens and keys',
    actsAt: ['jwks'],
    schema: seconds,
    unit: 'seconds',
    default: 3600,
  }),
};
