/** What a check says that passed is true of what it looked at, also where a knob or the endpoint is lenient. */
import { describe, expect, test } from 'vitest';
import type { AccessTokenRecord, ClientRecord, CodeRecord, GrantRecord, RefreshTokenRecord } from '#lib/store/store.ts';
import { sha256 } from '../hash.ts';
import { assertionResource } from './assertion-resource.ts';
import { audienceForm } from './audience-form.ts';
import { challengeMethod } from './challenge-method.ts';
import { clientAssured } from './client-assured.ts';
import { clientIdentified } from './client-identified.ts';
import { clientKnown } from './client-known.ts';
import { clientMethod } from './client-method.ts';
import { codeChallenge } from './code-challenge.ts';
import { documentAddress } from './document-address.ts';
import { documentOutside } from './document-outside.ts';
import { dpopTarget } from './dpop-target.ts';
import { exchangeSubject } from './exchange-subject.ts';
import { exchangeTarget } from './exchange-target.ts';
import { formTicket } from './form-ticket.ts';
import { grantAssertion } from './grant-assertion.ts';
import { hintHolds } from './hint-holds.ts';
import { idTokenHint } from './id-token-hint.ts';
import { interactionBrowser } from './interaction-browser.ts';
import { introspectClient } from './introspect-client.ts';
import { redirectUri } from './redirect-uri.ts';
import { refreshRotated } from './refresh-rotated.ts';
import { refreshUnused } from './refresh-unused.ts';
import { resourceKnown } from './resource-known.ts';
import { resourceWithin } from './resource-within.ts';
import { responseType } from './response-type.ts';
import { scopeKnown } from './scope-known.ts';
import { scopeRegistered } from './scope-registered.ts';
import { tokenAudience } from './token-audience.ts';
import { tokenKnown } from './token-known.ts';
import { tokenPresent } from './token-present.ts';
import { tokenRevoked } from './token-revoked.ts';
import type { Check } from './types.ts';
import { verifierMatches } from './verifier-matches.ts';
import { verifierPresent } from './verifier-present.ts';

const client = {
  clientId: 'c',
  authMethods: ['client_secret_post'],
  metadata: { redirect_uris: ['http://127.0.0.1/cb'] },
} as unknown as ClientRecord;
const open = { ...client, authMethods: ['none'] };
const code = (codeChallenge: string | null, codeChallengeMethod: string | null = 'S256') =>
  ({ codeChallenge, codeChallengeMethod }) as CodeRecord;
const used = { usedAt: 1000, generation: 1 } as RefreshTokenRecord;
const grant = { revokedAt: null } as GrantRecord;
const program = { headers: new Headers(), origin: 'http://localhost:3000', browserId: null };
const VERIFIER = 'v'.repeat(43);
const unregistered = {
  ...client,
  source: 'dynamic',
  metadata: { ...client.metadata, unregistered: true },
} as ClientRecord;
const brought = {
  claims: { iss: 'c', sub: 'c', aud: 's', exp: 60, jti: 'j' },
  typ: 'jwt',
  idJag: false,
  clientId: 'c',
  once: true,
  publicClient: false,
  audiences: ['s'],
  now: 0,
} as const;

/** A check, what it looks at in the usual and in the lenient case, and what the latter must not claim. */
function claim<Input>(one: Check<Input>, usual: Input, lenient: Input, not: RegExp): [string, () => void] {
  return [
    one.name,
    () => {
      const says = (input: Input): string => {
        one.test(input);
        return typeof one.says === 'string' ? one.says : one.says(input);
      };
      expect.soft(says(usual)).toMatch(not);
      expect.soft(says(lenient)).not.toMatch(not);
    },
  ];
}

const redirect = { registered: ['http://127.0.0.1/cb'], match: 'exact', port: 'loopback-any' } as const;
const basic = { method: 'client_secret_basic', clientId: 'c', secret: 's' } as const;
const offered = ['client_secret_basic', 'client_secret_post'];
const registered = { offered: true, grantTypes: ['authorization_code'], responseTypes: ['code'] };
const scopes = { known: ['read'], scope: ['read'], reason: 'scope-unknown' } as const;
const pkce = { challenge: 'c'.repeat(43), method: 'S256', rule: 'optional' } as const;
const reuse = { token: used, grant, now: 2000, grace: 5000, reuse: 'revoke-family' } as const;
const resources = { own: [], isAllowed: () => true, policy: 'any', reason: 'resource-unknown' } as const;
const exchange = { policy: 'open', clientId: 'c', issuedTo: 'c', audience: [] } as const;
const target = { policy: 'open', audience: ['a'], isOwn: () => true } as const;
const proof = { jti: 'j', htm: 'POST', htu: 'http://localhost/t', iat: 0 };
const dpop = { server: 'as', claims: proof, method: 'POST', url: 'http://localhost/t', ath: null, now: 0 } as const;

describe('what is said of', () => {
  test.each([
    claim(
      redirectUri,
      { ...redirect, got: 'http://127.0.0.1/cb' },
      { ...redirect, got: 'http://127.0.0.1:5/cb' },
      /letter by letter/,
    ),
    claim(
      redirectUri,
      { ...redirect, got: 'http://127.0.0.1/cb' },
      { ...redirect, match: 'prefix', got: 'http://127.0.0.1.evil.example/' },
      /letter by letter/,
    ),
    claim(
      redirectUri,
      { ...redirect, got: 'http://127.0.0.1/cb' },
      { ...redirect, got: 'http://127.0.0.1/cb', assumed: true },
      /is registered/,
    ),
    claim(
      redirectUri,
      { ...redirect, got: 'http://127.0.0.1/cb' },
      { ...redirect, got: undefined },
      /The redirect URI/,
    ),
    claim(clientKnown, { clientId: 'c', client }, { clientId: 'c', client: unregistered }, /is known/),
    claim(
      clientIdentified,
      { credentials: basic, client, problem: null },
      { credentials: basic, client: unregistered, problem: null },
      /that client exists/,
    ),
    claim(
      scopeRegistered,
      { scope: ['read'], registered: ['read'], ceiling: true, reason: 'scope-unknown' },
      { scope: ['read'], registered: null, ceiling: true, reason: 'scope-unknown' },
      /within the registration/,
    ),
    claim(
      hintHolds,
      { idTokenSubject: 'u', loginHint: undefined, user: { sub: 'u', names: [] } },
      { idTokenSubject: 'u', loginHint: undefined, user: null },
      /Who answers/,
    ),
    claim(
      idTokenHint,
      { claims: { aud: 'c' }, clientId: 'c' },
      { claims: { aud: 'c' }, clientId: undefined },
      /client/,
    ),
    claim(tokenKnown, { known: true, jwt: false }, { known: true, jwt: true }, /of this authorization server/),
    claim(
      tokenRevoked,
      { held: { token: { revokedAt: null } as AccessTokenRecord, grant: null }, effect: 'immediate' },
      { held: { token: { revokedAt: 1 } as AccessTokenRecord, grant: null }, effect: 'at-expiry' },
      /not revoked/,
    ),
    claim(documentOutside, { inside: false, here: false }, { inside: false, here: true }, /outside/),
    claim(
      assertionResource,
      { promised: ['a'], requested: ['a'] },
      { promised: [], requested: ['a'] },
      /within the assertion/,
    ),
    claim(grantAssertion, { ...brought, own: true }, { ...brought, own: false }, /this client/),
    claim(
      clientMethod,
      { credentials: { ...basic, method: 'client_secret_post' }, client, offered, eitherSecret: true },
      { credentials: basic, client, offered, eitherSecret: true },
      /that it registered/,
    ),
    claim(
      responseType,
      { ...registered, got: 'code', assumed: true },
      { ...registered, got: undefined, assumed: true },
      /asked for/,
    ),
    claim(
      scopeKnown,
      { ...scopes, asked: 'read', tokens: ['read'], ignoreUnknown: true },
      { ...scopes, asked: 'read x', tokens: ['read', 'x'], ignoreUnknown: true },
      /are known/,
    ),
    claim(codeChallenge, pkce, { ...pkce, challenge: undefined, method: undefined }, /There is/),
    claim(challengeMethod, pkce, { ...pkce, method: undefined }, /S256/),
    claim(challengeMethod, pkce, { ...pkce, challenge: undefined }, /S256/),
    claim(verifierPresent, { code: code('x'), verifier: 'v' }, { code: code(null), verifier: undefined }, /There is/),
    claim(
      verifierMatches,
      { code: code(sha256(VERIFIER)), verifier: VERIFIER },
      { code: code(VERIFIER, 'plain'), verifier: VERIFIER },
      /SHA-256/,
    ),
    claim(
      verifierMatches,
      { code: code(sha256(VERIFIER)), verifier: VERIFIER },
      { code: code(null), verifier: undefined },
      /SHA-256/,
    ),
    claim(refreshUnused, { ...reuse, token: { ...used, usedAt: null } }, reuse, /not used before/),
    claim(refreshRotated, { outcome: 'rotated' }, { outcome: 'repeated' }, /No other request/),
    claim(
      tokenPresent,
      { present: true, header: 'present', inQuery: false, refuseQuery: false },
      { present: true, header: 'absent', inQuery: false, refuseQuery: false },
      /Authorization header/,
    ),
    claim(
      resourceKnown,
      { ...resources, rule: 'honour', requested: ['https://a.example/'] },
      { ...resources, rule: 'ignore', requested: ['https://a.example/'] },
      /issues tokens/,
    ),
    claim(
      resourceKnown,
      { ...resources, rule: 'honour', requested: ['https://a.example/'] },
      { ...resources, rule: 'honour', requested: [] },
      /issues tokens/,
    ),
    claim(
      resourceWithin,
      { rule: 'honour', granted: ['a'], requested: ['a'] },
      { rule: 'ignore', granted: ['a'], requested: ['b'] },
      /within/,
    ),
    claim(
      tokenAudience,
      { isAccessToken: true, audience: ['a'], accepted: ['a'] },
      { isAccessToken: true, audience: ['b'], accepted: null },
      /this resource/,
    ),
    claim(
      introspectClient,
      { client, method: 'client_secret_post', required: false },
      { client, method: 'none', required: false },
      /has proved/,
    ),
    claim(exchangeSubject, exchange, { ...exchange, issuedTo: 'other' }, /to this client/),
    claim(exchangeTarget, { ...target, wanted: ['a'] }, { ...target, wanted: ['b'] }, /no further/),
    claim(
      audienceForm,
      { requested: ['https://a.example/'], logicalNames: true, reason: 'target-not-allowed' },
      { requested: ['api'], logicalNames: true, reason: 'target-not-allowed' },
      /absolute URI/,
    ),
    claim(
      documentAddress,
      { url: 'https://a.example/c', origin: 'http://localhost' },
      { url: 'http://localhost/c', origin: 'http://localhost' },
      /https/,
    ),
    claim(dpopTarget, { ...dpop, window: 300 }, { ...dpop, window: null }, /moment/),
    claim(
      clientAssured,
      { client, redirectUri: 'http://127.0.0.1/cb', origin: 'http://localhost', rule: 'any' },
      { client: open, redirectUri: 'http://127.0.0.1/cb', origin: 'http://localhost', rule: 'any' },
      /is known/,
    ),
    claim(
      interactionBrowser,
      {
        ...program,
        headers: new Headers({ origin: program.origin }),
        browserId: 'b',
        browserHash: sha256('b'),
      },
      { ...program, browserHash: '' },
      /in the browser/,
    ),
    claim(
      formTicket,
      { ...program, headers: new Headers({ origin: program.origin }), browserId: 'b', ticket: 't', expected: 't' },
      { ...program, ticket: '', expected: 't' },
      /in the browser/,
    ),
  ])('%s', (_name, run) => run());
});
