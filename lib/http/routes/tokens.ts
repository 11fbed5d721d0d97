/** Tokens are issued, looked at and given back. */
import { z } from 'zod';
import { introspectionAnswer, tokenAnswer } from '#lib/spec/answers.ts';
import { INSTANCE_LIMITS } from '#lib/spec/limits.ts';
import { CLIENT, INTROSPECTION, REVOCATION, TOKEN } from '#lib/oauth/endpoints/parameters.ts';
import type { ParameterDoc, Route } from '../route.ts';
import { lazy } from './lazy.ts';
import { isAtShortPath, joined, open, within } from './parts.ts';

const token = lazy(async () => (await import('#lib/oauth/endpoints/token.ts')).token);
const introspect = lazy(async () => (await import('#lib/oauth/endpoints/introspect.ts')).introspect);
const revoke = lazy(async () => (await import('#lib/oauth/endpoints/revoke.ts')).revoke);

/** The parameters of all grants, each once. They are loaded with the grants, for a document. */
async function grantParameters(): Promise<ParameterDoc[]> {
  const { grants } = await import('#lib/oauth/grants/index.ts');
  // No parameter is required by every grant.
  return within('form', joined(...grants.map(({ parameters }) => parameters))).map((one) => ({
    ...one,
    required: false,
  }));
}

const TOKENS = { description: 'Tokens.', schema: tokenAnswer };

export const tokenRoutes: readonly Route[] = [
  {
    ...open,
    endpoint: 'token',
    path: '/oauth/token',
    limit: INSTANCE_LIMITS.token,
    methods: {
      POST: {
        id: 'requestToken',
        summary: 'Token',
        clause: 'oauth21-3.2.2',
        body: 'form',
        answers: { 200: TOKENS },
        parameters: within('form', joined(TOKEN, CLIENT)),
        moreParameters: grantParameters,
        handle: token,
      },
    },
  },
  {
    ...open,
    endpoint: 'introspect',
    path: '/oauth/introspect',
    limit: INSTANCE_LIMITS.introspect,
    methods: {
      POST: {
        id: 'introspectToken',
        summary: 'Introspection',
        clause: 'rfc7662-2.1',
        body: 'form',
        parameters: within('form', joined(INTROSPECTION, CLIENT)),
        answers: { 200: { description: 'active, and what the token carries.', schema: introspectionAnswer } },
        handle: introspect,
      },
    },
  },
  {
    ...open,
    endpoint: 'revoke',
    path: '/oauth/revoke',
    limit: INSTANCE_LIMITS.revoke,
    methods: {
      POST: {
        id: 'revokeToken',
        summary: 'Revocation',
        clause: 'rfc7009-2.1',
        body: 'form',
        parameters: within('form', joined(REVOCATION, CLIENT)),
        answers: { 200: { description: '{}, also for a token that is unknown.', schema: z.looseObject({}) } },
        handle: revoke,
      },
    },
  },
  {
    ...open,
    endpoint: 'token',
    path: '/token',
    short: true,
    exists: isAtShortPath,
    methods: {
      POST: {
        id: 'requestTokenAtRoot',
        summary: 'Token at the default path of MCP 2025-03-26',
        body: 'form',
        parameters: within('form', joined(TOKEN, CLIENT)),
        moreParameters: grantParameters,
        answers: { 200: TOKENS },
        handle: token,
      },
    },
  },
];
