/** Each way in which a client can be broken, and the situation in which it shows. */
import type { Situation } from './grading.ts';
import type { Scripted } from './scripted.ts';

export interface Case extends Situation {
  readonly rule: string;
  /** Name of the break, if it is not the rule's id. */
  readonly breaks?: string;
  /** If it is not fail for a MUST and warn for a SHOULD. */
  readonly verdict?: 'fail' | 'warn';
  /** Address of the document that the broken client uses. */
  readonly brokenDocument?: string;
  /** What a client that does it right gets, if not pass. */
  readonly repaired?: string;
}

const twice = async (client: Scripted): Promise<void> => {
  await client.connect();
  await client.call();
  await client.call();
  await client.call();
};

const once = async (client: Scripted): Promise<void> => {
  await client.connect();
  await client.call();
};

/** Connects, waits until the token has expired, and calls; twice. */
const later = async (client: Scripted): Promise<void> => {
  await client.connect();
  for (let i = 0; i < 2; i += 1) {
    client.time.sleep(30_000);
    await client.call();
  }
};
const short = { 'tokens.accessLifetime': 10 };
const machine = { given: true, drive: (client: Scripted) => client.machine() };
const secret = { options: { method: 'client_secret_basic' } };
const device = { drive: async (client: Scripted) => void (await client.device()) };

export const cases: readonly Case[] = [
  { rule: 'discovery.responds-to-401', drive: (client) => client.connect() },
  { rule: 'discovery.responds-to-401', scenario: 'cors-challenge-hidden', drive: (client) => client.connect() },
  { rule: 'discovery.prm-requested' },
  { rule: 'discovery.prm-address-from-challenge', scenario: 'metadata-var3' },
  { rule: 'discovery.prm-well-known-fallback', scenario: 'challenge-missing' },
  { rule: 'discovery.prm-query-kept', scenario: 'metadata-query-params' },
  { rule: 'discovery.prm-resource-validated', scenario: 'resource-mismatch' },
  { rule: 'discovery.prm-refreshed-on-challenge', scenario: 'authorization-server-migration', drive: twice },
  { rule: 'discovery.as-metadata-requested' },
  { rule: 'discovery.as-metadata-order' },
  { rule: 'discovery.oidc-fallback', scenario: 'metadata-var3' },
  { rule: 'discovery.issuer-validated', scenario: 'metadata-issuer-mismatch' },
  { rule: 'discovery.issuer-path-kept', scenario: 'authorization-server-migration', drive: twice },
  { rule: 'discovery.pkce-support-checked', scenario: 'metadata-no-pkce' },
  { rule: 'discovery.endpoints-from-metadata' },
  { rule: 'discovery.unknown-members-ignored', scenario: 'metadata-unknown-members' },
  { rule: 'discovery.protocol-version-2025-03-26', options: { revision: '2025-03-26' } },

  { rule: 'registration.application-type' },
  { rule: 'registration.application-type-fits' },
  { rule: 'registration.refresh-grant-declared', config: short, drive: later, options: { offline: true } },
  { rule: 'registration.refusal-heeded', scenario: 'register-rejects-redirect-uri' },
  { rule: 'registration.answer-used', scenario: 'register-changes-auth-method' },
  { rule: 'registration.bound-to-issuer', scenario: 'authorization-server-migration', drive: twice },
  { rule: 'registration.anew-at-new-issuer', scenario: 'authorization-server-migration', drive: twice },
  {
    rule: 'registration.dead-client-dropped',
    scenario: 'client-forgotten',
    drive: twice,
    config: { 'registration.authMethod': 'client_secret_basic' },
    options: { method: 'client_secret_basic' },
  },
  {
    rule: 'registration.kept',
    drive: async (client) => {
      for (let i = 0; i < 3; i += 1) {
        client.tokens = null;
        await client.connect();
      }
    },
  },
  {
    rule: 'registration.method-everywhere',
    options: { method: 'client_secret_post' },
    drive: async (client) => {
      await client.connect();
      await client.revoke();
    },
  },

  { rule: 'authorize.client-id-issued' },
  { rule: 'authorize.response-type-code' },
  { rule: 'authorize.pkce-challenge', config: { 'authorize.pkce': 'optional' } },
  { rule: 'authorize.pkce-s256', config: { 'authorize.pkce': 's256-or-plain' } },
  { rule: 'authorize.pkce-s256', breaks: 'authorize.pkce-s256#missing' },
  { rule: 'authorize.pkce-challenge-form' },
  { rule: 'authorize.pkce-fresh', scenario: 'scope-step-up', drive: twice },
  { rule: 'authorize.state-present' },
  { rule: 'authorize.state-fresh', scenario: 'scope-step-up', drive: twice },
  { rule: 'authorize.state-verified', scenario: 'state-wrong' },
  { rule: 'authorize.state-verified', scenario: 'state-missing' },
  { rule: 'authorize.resource' },
  { rule: 'authorize.resource-identifies-server' },
  { rule: 'authorize.resource-identifies-server', scenario: 'prm-redirect', options: { follows: true } },
  { rule: 'authorize.resource-exact' },
  { rule: 'authorize.redirect-uri-registered' },
  { rule: 'authorize.parameters-once' },
  { rule: 'authorize.scope-from-challenge' },
  { rule: 'authorize.scope-from-prm', scenario: 'scope-from-scopes-supported' },
  { rule: 'authorize.scope-omitted', scenario: 'scope-omitted-when-undefined' },
  { rule: 'authorize.scope-minimal' },
  { rule: 'authorize.scope-separated', config: { 'resource.challengeScope': ['notes:read', 'notes:write'] } },
  { rule: 'authorize.offline-access-listed', scenario: 'offline-access-not-supported' },
  { rule: 'authorize.step-up-scope', scenario: 'scope-step-up', drive: once },
  { rule: 'authorize.step-up-scope', breaks: 'authorize.step-up-scope#stop', scenario: 'scope-step-up', drive: twice },
  {
    rule: 'authorize.step-up-scope',
    breaks: 'authorize.step-up-scope#refresh',
    scenario: 'scope-step-up-with-refresh-token',
    drive: twice,
  },
  {
    rule: 'authorize.step-up-union',
    scenario: 'scope-step-up',
    drive: async (client) => {
      await client.connect();
      await client.call();
    },
  },
  { rule: 'authorize.step-up-limit', scenario: 'scope-retry-limit' },
  { rule: 'authorize.rejection-limit', scenario: 'token-wrong-audience' },
  { rule: 'authorize.denial-respected', scenario: 'consent-denied' },
  { rule: 'authorize.iss-validated', scenario: 'iss-wrong-issuer' },
  { rule: 'authorize.iss-required-when-advertised', scenario: 'iss-supported-missing' },
  { rule: 'authorize.iss-compared-as-string', scenario: 'iss-normalized' },

  { rule: 'token.form-encoded' },
  { rule: 'token.form-encoded', breaks: 'token.form-encoded#query' },
  { rule: 'token.parameters-once' },
  { rule: 'token.pkce-verifier' },
  { rule: 'token.pkce-verifier-matches' },
  { rule: 'token.pkce-verifier-matches', scenario: 'consent-slow', config: { 'consent.delay': 0.1 } },
  {
    rule: 'token.pkce-verifiers-apart',
    drive: async (client) => {
      await client.connect();
      await client.twoWindows();
    },
  },
  { rule: 'token.pkce-verifier-form' },
  { rule: 'token.code-once' },
  {
    rule: 'token.code-once',
    breaks: 'token.code-once#lost',
    scenario: 'token-response-lost',
    drive: async (client) => {
      await client.connect().catch(() => undefined);
      await client.connect();
    },
  },
  { rule: 'token.code-present', scenario: 'code-missing', repaired: 'not_observed' },
  { rule: 'token.public-client-id' },
  { rule: 'token.auth-method', ...secret },
  {
    rule: 'token.auth-method',
    breaks: 'token.auth-method#idp',
    scenario: 'enterprise-managed-authorization',
    config: { 'idp.clientAuth': 'required' },
    given: true,
    drive: (client) => client.enterprise(),
  },
  { rule: 'token.one-auth-method', ...secret },
  { rule: 'token.basic-encoding', scenario: 'secret-special-characters' },
  { rule: 'token.resource' },
  { rule: 'token.resource-consistent' },
  { rule: 'token.redirect-uri-same' },
  { rule: 'token.variations-tolerated', scenario: 'token-type-lowercase', drive: (client) => client.connect() },
  { rule: 'token.unknown-type-refused', scenario: 'token-type-unknown', repaired: 'pass' },
  { rule: 'token.retry-after-heeded', scenario: 'token-endpoint-rate-limited' },
  { rule: 'token.retry-after-heeded', scenario: 'resource-rate-limited' },
  { rule: 'token.assertion-valid', scenario: 'client-credentials-jwt', ...machine },
  {
    rule: 'token.assertion-valid',
    breaks: 'token.assertion-valid#type',
    scenario: 'client-credentials-jwt',
    ...machine,
  },
  {
    rule: 'token.assertion-valid',
    breaks: 'token.assertion-valid#audience',
    scenario: 'client-credentials-jwt',
    ...machine,
  },
  {
    rule: 'token.assertion-valid',
    breaks: 'token.assertion-valid#expired',
    scenario: 'client-credentials-jwt',
    ...machine,
  },
  { rule: 'token.assertion-audience-issuer', scenario: 'client-credentials-jwt', ...machine },
  { rule: 'token.client-credentials-grant', scenario: 'client-credentials-basic', ...machine },
  { rule: 'security.no-password-grant', scenario: 'client-credentials-basic', ...machine },

  {
    rule: 'token.id-jag-exchange',
    scenario: 'enterprise-managed-authorization',
    given: true,
    drive: (client) => client.enterprise(),
  },
  {
    rule: 'token.id-jag-presented',
    scenario: 'enterprise-managed-authorization',
    given: true,
    drive: (client) => client.enterprise(),
  },
  { rule: 'token.workload-assertion', scenario: 'wif-jwt-bearer', given: true, drive: (client) => client.workload() },
  {
    rule: 'token.no-grant-fallback',
    scenario: 'wif-jwt-bearer',
    given: true,
    drive: (client) => client.workload('nothing:known'),
  },

  { rule: 'resource.token-in-header' },
  { rule: 'resource.token-in-header', breaks: 'resource.token-in-header#body' },
  { rule: 'resource.no-placeholder-token' },
  { rule: 'resource.token-used', drive: (client) => client.connect() },
  { rule: 'resource.token-of-this-issuer' },
  { rule: 'resource.refused-token-dropped', scenario: 'token-expires-midway', drive: twice },
  { rule: 'resource.recovers', scenario: 'token-expires-midway', drive: twice },

  { rule: 'refresh.used', config: short, drive: later },
  { rule: 'refresh.new-token-replaces-old', scenario: 'refresh-grace', drive: later },
  { rule: 'refresh.single-flight', config: { ...short, 'refresh.reuse': 'reject' }, drive: later },
  { rule: 'refresh.old-token-kept', scenario: 'token-refresh-basic', drive: later },
  {
    rule: 'refresh.old-token-kept',
    breaks: 'refresh.old-token-kept#empty',
    scenario: 'token-refresh-basic',
    drive: later,
  },
  { rule: 'refresh.scope-within-grant', config: short, drive: later, repaired: 'not_observed' },
  { rule: 'refresh.same-client', config: short, drive: later },
  { rule: 'refresh.authenticated', config: short, drive: later, ...secret },
  { rule: 'refresh.dead-token-dropped', scenario: 'revoked-mid-session', drive: twice },
  { rule: 'refresh.survives-outage', scenario: 'refresh-unavailable', drive: later },
  { rule: 'refresh.not-assumed', scenario: 'refresh-not-issued', drive: later },
  { rule: 'refresh.resource', config: short, drive: later },

  { rule: 'dpop.proof-in-token-request', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.proof-form', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.scheme', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.proof-per-request', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.ath', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.key-of-token', scenario: 'dpop', options: { dpop: true } },
  { rule: 'dpop.as-nonce', scenario: 'dpop-nonce', options: { dpop: true } },
  { rule: 'dpop.rs-nonce', scenario: 'dpop-nonce', options: { dpop: true } },
  { rule: 'dpop.nonce-followed', scenario: 'dpop-nonce-rotates', options: { dpop: true }, drive: twice },

  { rule: 'device.request', config: { 'device.outcome': 'approve' }, ...device },
  { rule: 'device.token-request', scenario: 'device-pending', ...device },
  { rule: 'device.interval', scenario: 'device-no-interval', ...device },
  { rule: 'device.slow-down', scenario: 'device-slow-down', ...device },
  { rule: 'device.stops', scenario: 'device-denied', ...device },
  { rule: 'device.goes-on', scenario: 'device-pending', ...device },
  { rule: 'device.no-automatic-restart', scenario: 'device-expired', ...device },

  { rule: 'security.token-not-in-url' },
  { rule: 'security.secret-not-in-url' },
  { rule: 'security.redirect-uri-protected', config: { 'registration.redirectPolicy': 'any' } },
  { rule: 'security.redirect-uri-protected', breaks: 'security.redirect-uri-protected#private', verdict: 'warn' },
  { rule: 'security.refresh-token-confined' },
];

const opaque = { config: { 'tokens.format': 'opaque' } };
/** The same breaks in flows of another shape: with a secret, of an earlier revision, with opaque tokens. */
export const otherShapes: readonly Case[] = [
  ...['authorize.state-present', 'authorize.resource', 'authorize.redirect-uri-registered', 'token.resource'].map(
    (rule): Case => ({ rule, ...secret }),
  ),
  ...['token.pkce-verifier', 'token.pkce-verifier-matches', 'token.redirect-uri-same', 'token.code-once'].map(
    (rule): Case => ({ rule, ...secret }),
  ),
  ...['authorize.resource', 'authorize.resource-exact', 'token.resource'].map(
    (rule): Case => ({ rule, options: { revision: '2025-06-18' } }),
  ),
  ...['resource.token-in-header', 'security.token-not-in-url', 'resource.token-of-this-issuer'].map(
    (rule): Case => ({ rule, ...opaque }),
  ),
  { rule: 'authorize.iss-validated', scenario: 'iss-wrong-issuer', ...secret },
  { rule: 'authorize.state-verified', scenario: 'state-wrong', ...secret },
  { rule: 'authorize.pkce-s256', config: { 'authorize.pkce': 's256-or-plain' }, ...secret },
  { rule: 'refresh.same-client', config: { ...short, 'tokens.format': 'opaque' }, drive: later },
  { rule: 'refresh.resource', config: short, drive: later, ...secret },
];

const DOCUMENT = 'https://client.example/right.json';
const byDocument = { config: { 'cimd.support': true }, options: { document: DOCUMENT } };
const wrong = (rule: string): Case => ({ rule, ...byDocument, brokenDocument: `https://client.example/${rule}.json` });

/** Those about metadata documents: the sandbox fetches them. */
export const documentCases: readonly Case[] = [
  { rule: 'registration.cimd-preferred', ...byDocument },
  { rule: 'registration.cimd-only-if-supported', options: { document: DOCUMENT } },
  { rule: 'registration.cimd-url-valid', ...byDocument, brokenDocument: 'https://client.example/a/../right.json' },
  wrong('registration.cimd-document-reachable'),
  wrong('registration.cimd-client-id-matches'),
  wrong('registration.cimd-required-members'),
  wrong('registration.cimd-redirect-listed'),
  wrong('registration.cimd-no-shared-secret'),
];

/** Rules that no broken client here can show, and why. */
export const notShown: Readonly<Record<string, string>> = {
  'authorize.iss-optional-accepted': 'It takes two sandboxes: compared.test.ts.',
  'resource.token-in-every-request': 'The servers give out no sessions: ledgers.test.ts.',
  'device.backs-off': 'The sandbox takes ten seconds to drop a poll: ledgers.test.ts.',
  'discovery.prm-path-before-root': 'It needs an origin of its own: ledgers.test.ts.',
  'discovery.base-url-2025-03-26': 'It needs an origin of its own: ledgers.test.ts.',
  'discovery.default-endpoints-2025-03-26': 'It needs an origin of its own: ledgers.test.ts.',
};
