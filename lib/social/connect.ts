/**
 * This server as the client of a provider, by openid-client. The real provider and the simulated one differ only in
 * where they are and in what carries the requests.
 */
import * as client from 'openid-client';
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { addressKey } from '#lib/oauth/requester.ts';
import { UPSTREAM_AGENT } from '#lib/spec/sign-in-providers.ts';
import {
  type ConfiguredProviders,
  PROVIDER_NAMES,
  type ProviderId,
  realProvider,
  simulatedClientId,
} from './providers.ts';

/** What the sign-in needs of the server around it. */
export interface Upstreams {
  /** The real providers that this instance is configured for. */
  readonly configured: ConfiguredProviders;
  /** The issuer `idp` of a sandbox, whether its configuration opens it or not. */
  idpOf(tenant: Tenant): Promise<Tenant>;
  /** Sends a request to this very server, without a socket. */
  ask(request: Request, remoteAddress: string): Promise<Response>;
}

/** A provider that is ready to be asked. */
export interface Connection {
  readonly config: client.Configuration;
  readonly scope: string;
  readonly redirectUri: string;
  readonly simulated: boolean;
  /** Where the user is described, if the provider issues no ID token. */
  readonly profile: string | null;
}

/** Longest answer of a provider that is read, in bytes. */
const MAX_BYTES = 262_144;
/** Seconds that a provider may take. */
const TIMEOUT = 10;

/**
 * The real credentials for a provider, or null if it is simulated. Only `default` has real ones: whoever owns another
 * sandbox reads all of its users, and must not learn in this way who somebody is.
 */
export function credentialsFor(tenant: Tenant, id: ProviderId, { configured }: Upstreams) {
  return tenant.sandboxId === 'default' ? (configured[id] ?? null) : null;
}

/** Where the provider sends the user back to. */
export function callbackAddress(tenant: Tenant, id: ProviderId): string {
  return `${tenant.base}/auth/callback/${id}`;
}

/**
 * Reads the provider's metadata.
 * @throws openid-client's errors, if it does not answer as it must
 */
export async function connect(ctx: Context, id: ProviderId, upstreams: Upstreams): Promise<Connection> {
  const credentials = credentialsFor(ctx.tenant, id, upstreams);
  return credentials === null
    ? await connectSimulated(ctx, id, upstreams)
    : await connectReal(ctx, id, credentials.clientId, credentials.clientSecret, credentials.tenant);
}

async function connectReal(ctx: Context, id: ProviderId, clientId: string, secret: string, directory?: string) {
  const { tenant } = ctx;
  const { issuer, metadata, scope, profile } = realProvider(id, directory);
  const fetch = guardedFetchOf(ctx);
  let config: client.Configuration;
  if (metadata === undefined) {
    config = await client.discovery(new URL(issuer), clientId, secret, undefined, {
      timeout: TIMEOUT,
      [client.customFetch]: fetch,
    });
    client.enableNonRepudiationChecks(config);
  } else {
    config = new client.Configuration({ issuer, ...metadata }, clientId, secret);
    config[client.customFetch] = fetch;
    config.timeout = TIMEOUT;
  }
  const redirectUri = callbackAddress(tenant, id);
  return { config, scope, redirectUri, simulated: false, profile: profile ?? null };
}

/** openid-client's fetch through the guard: the provider's metadata names further addresses. */
function guardedFetchOf({ tenant, remoteAddress }: Context): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await tenant.fetch(url, {
      maxBytes: MAX_BYTES,
      accept: headers.accept ?? 'application/json',
      requester: addressKey(remoteAddress),
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers, 'user-agent': UPSTREAM_AGENT },
      ...(body == null ? {} : { body: String(body) }),
    });
    const hasBody = answer.status !== 204 && answer.status !== 304;
    return new Response(hasBody ? Buffer.from(answer.body) : null, { status: answer.status, headers: answer.headers });
  };
}

async function connectSimulated(ctx: Context, id: ProviderId, upstreams: Upstreams): Promise<Connection> {
  const { tenant, remoteAddress } = ctx;
  const idp = await upstreams.idpOf(tenant);
  const redirectUri = callbackAddress(tenant, id);
  const secret = await knownAt(idp, id, redirectUri, tenant);
  const config = await client.discovery(
    new URL(`${idp.base}/.well-known/openid-configuration`),
    simulatedClientId(id),
    // The ID token is dated by the sandbox's clock.
    { client_secret: secret, [client.clockSkew]: Math.round((tenant.now() - Date.now()) / 1000) },
    undefined,
    {
      timeout: TIMEOUT,
      execute: [client.allowInsecureRequests],
      [client.customFetch]: (url, { method, headers, body }) =>
        upstreams.ask(
          new Request(url, {
            method,
            headers: { ...headers, host: new URL(url).host, 'user-agent': UPSTREAM_AGENT },
            ...(body == null ? {} : { body: String(body) }),
          }),
          remoteAddress,
        ),
    },
  );
  client.enableNonRepudiationChecks(config);
  return { config, scope: 'openid email profile', redirectUri, simulated: true, profile: null };
}

/** Registers the sandbox at its own provider, unless that was done. @returns the client secret */
async function knownAt(idp: Tenant, id: ProviderId, redirectUri: string, tenant: Tenant): Promise<string> {
  const clientId = simulatedClientId(id);
  const secret = sha256(`${tenant.secret} ${clientId}`);
  const known = await idp.store.getClient(clientId);
  const addresses = known?.metadata.redirect_uris ?? [];
  if (addresses.includes(redirectUri)) return secret;
  await idp.store.putClient({
    clientId,
    source: 'preregistered',
    metadata: {
      client_name: `Sign-in with ${PROVIDER_NAMES[id]}, simulated`,
      // The same sandbox can be reached at several origins: localhost and 127.0.0.1.
      redirect_uris: [...addresses, redirectUri].slice(-10),
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      application_type: 'web',
    },
    authMethods: ['client_secret_post'],
    secretHash: sha256(secret),
    secretExpiresAt: 0,
    registrationTokenHash: null,
    createdAt: known?.createdAt ?? idp.now(),
  });
  return secret;
}
