/** `PUT /mockserver/oidc`: the turnkey provider of MockServer as knobs, a client and a user of the sandbox. */
import { entryOf } from '#lib/spec/own.ts';
import { z } from 'zod';
import { NotTranslated } from './refused.ts';

const path = z.string().startsWith('/').max(200);

/** Every member is optional. */
export const oidcSchema = z.looseObject({
  issuer: z.string().optional(),
  jwksPath: path.optional(),
  tokenPath: path.optional(),
  authorizePath: path.optional(),
  userinfoPath: path.optional(),
  introspectPath: path.optional(),
  revokePath: path.optional(),
  deviceAuthorizationPath: path.optional(),
  subject: z.string().min(1).max(200).default('mock-user'),
  clientId: z.string().min(1).max(200).default('mock-client'),
  clientSecret: z.string().min(1).max(200).default('mock-client-secret'),
  scopes: z.array(z.string()).max(50).optional(),
  tokenExpirySeconds: z.number().int().min(1).default(3600),
  additionalClaims: z.record(z.string(), z.json()).default({}),
  deviceCodePendingPolls: z.number().int().min(0).max(100).default(0),
  enforceClientAuthentication: z.boolean().default(false),
  opaqueAccessToken: z.boolean().default(false),
  signingAlgorithm: z.enum(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']).default('RS256'),
  jwkJson: z.string().max(20_000).optional(),
  keyId: z.string().max(200).optional(),
  issueExpiredToken: z.boolean().default(false),
  wrongIssuer: z.boolean().default(false),
  tamperedSignature: z.boolean().default(false),
});
type Oidc = z.output<typeof oidcSchema>;

const PATHS = {
  jwksPath: 'jwks',
  tokenPath: 'token',
  authorizePath: 'authorize',
  userinfoPath: 'userinfo',
  introspectPath: 'introspect',
  revokePath: 'revoke',
  deviceAuthorizationPath: 'device',
} as const;

const UNTRANSLATED: Readonly<Record<string, string>> = {
  audience: 'no knob sets an audience for all tokens; a client asks for one with resource or audience',
  privateKeyPem: 'give the key as jwkJson',
  certificatePem: 'give the key as jwkJson',
};

/** What the provider comes to. */
export interface TranslatedProvider {
  readonly config: Readonly<Record<string, unknown>>;
  readonly client: Readonly<Record<string, unknown>>;
  readonly user: Readonly<Record<string, unknown>>;
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Translates a provider.
 * @param here the issuer of the sandbox, its endpoint at a path (null if there is none), and whether the instance is
 *   public: there, clients that nobody registered are refused
 * @throws NotTranslated with the name of what does not translate
 */
export function translateProvider(
  given: Oidc,
  here: {
    readonly issuer: string;
    endpointAt(path: string): string | null;
    readonly scopes: readonly string[];
    readonly isPublic: boolean;
  },
): TranslatedProvider {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(oidcSchema.shape, name))
      throw new NotTranslated(name, entryOf(UNTRANSLATED, name) ?? 'it has no counterpart here');
  if (given.issuer !== undefined && given.issuer.replace(/\/$/, '') !== here.issuer)
    throw new NotTranslated('issuer', `the issuer of this sandbox is ${here.issuer}`);
  for (const [name, endpoint] of Object.entries(PATHS)) {
    const asked = given[name as keyof typeof PATHS];
    if (asked !== undefined && here.endpointAt(asked) !== endpoint)
      throw new NotTranslated(name, `${endpoint} is not at ${asked}, and has no address of your own here`);
  }
  const unknown = given.scopes?.find((scope) => !here.scopes.includes(scope));
  if (unknown !== undefined) throw new NotTranslated('scopes', `${unknown} is none of ${here.scopes.join(', ')}`);
  const email = emailOf(given);
  const { email: _, ...claims } = given.additionalClaims;
  return {
    config: {
      'compat.shortPaths': true,
      ...(here.isPublic ? {} : { 'authorize.unknownClient': 'accept' }),
      'authorize.pkce': 'optional',
      'consent.outcome': 'approve',
      'consent.approver': email,
      'clientAuth.required': given.enforceClientAuthentication,
      'device.outcome': 'approve',
      'device.pendingPolls': given.deviceCodePendingPolls,
      'tokens.alg': given.signingAlgorithm,
      'tokens.format': given.opaqueAccessToken ? 'opaque' : 'jwt',
      'tokens.accessLifetime': given.tokenExpirySeconds,
      'tokens.defect': defectOf(given),
    },
    client: {
      client_id: given.clientId,
      client_secret: given.clientSecret,
      client_name: given.clientId.slice(0, 80),
      grant_types: [
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      claims,
    },
    user: { email, sub: given.subject, claims },
    keys: keyOf(given),
  };
}

function emailOf({ additionalClaims, subject }: Oidc): string {
  const { email } = additionalClaims;
  if (typeof email === 'string') return email;
  return `${subject.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 60)}@test.authwalk.dev`;
}

function defectOf({ issueExpiredToken, wrongIssuer, tamperedSignature }: Oidc): string {
  const flags = [
    ...(issueExpiredToken ? ['expired'] : []),
    ...(wrongIssuer ? ['wrong-issuer'] : []),
    ...(tamperedSignature ? ['tampered-signature'] : []),
  ];
  if (flags.length > 1) throw new NotTranslated('tamperedSignature', 'a token has one defect at a time here');
  return flags[0] ?? 'none';
}

function keyOf({ jwkJson, keyId, signingAlgorithm }: Oidc): Record<string, unknown>[] {
  if (jwkJson === undefined) {
    if (keyId !== undefined) throw new NotTranslated('keyId', 'it names the key of jwkJson, and there is none');
    return [];
  }
  let key: unknown;
  try {
    key = JSON.parse(jwkJson);
  } catch {
    key = null;
  }
  if (typeof key !== 'object' || key === null) throw new NotTranslated('jwkJson', 'it is no JSON Web Key');
  return [{ alg: signingAlgorithm, use: 'sig', ...key, ...(keyId === undefined ? {} : { kid: keyId }) }];
}
