/**
 * Client authentication, for every endpoint that has it.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-2.4
 */
import type { ClientRecord } from '#lib/store/store.ts';
import { check } from '../checks/check.ts';
import { clientIdentified } from '../checks/client-identified.ts';
import { clientMethod } from '../checks/client-method.ts';
import { clientSecret } from '../checks/client-secret.ts';
import { credentialsOnce } from '../checks/credentials-once.ts';
import type { Context } from '../context.ts';
import type { ClientParameter } from '../endpoints/parameters.ts';
import { isOAuthError } from '../errors.ts';
import { plainName } from '../interaction/display.ts';
import { type Parameters, parametersOf } from '../parameters.ts';
import { verifyClientAssertion } from './assertion.ts';
import type { AuthMethod } from '../checks/types.ts';
import { credentialsOf, presented } from './credentials.ts';
import { issuerLabel } from '../issuers.ts';
import { findClient, isUnregistered } from './find.ts';

export interface AuthenticatedClient {
  readonly client: ClientRecord;
  readonly method: AuthMethod;
}

export interface AuthenticateOptions {
  /**
   * Whether a client with a secret may use either secret method. `token_endpoint_auth_method` speaks of the token
   * endpoint (RFC 7591 §2), so at revocation and introspection it does not bind.
   */
  readonly eitherSecret?: boolean;
}

/**
 * Finds the client that a request is from, and holds it to the method that it registered.
 * @param form the parameters, if they have been read already
 * @throws OAuthError `invalid_request` if it proves itself in two ways, else `invalid_client` (401)
 */
export async function authenticateClient(
  ctx: Context,
  form: Parameters<ClientParameter> = parametersOf(ctx.body.form ?? new URLSearchParams()),
  options: AuthenticateOptions = {},
): Promise<AuthenticatedClient> {
  const { tenant, trace } = ctx;
  const came = presented(ctx.request.headers, form);
  check(trace, credentialsOnce, came);
  const credentials = credentialsOf(came);
  if (credentials.clientId !== undefined) trace.set({ clientId: credentials.clientId.slice(0, 2000) });
  const found = credentials.clientId === undefined ? NOBODY : await find(ctx, credentials.clientId);
  check(trace, clientIdentified, { credentials, inAddress: form.inAddress?.('client_id') ?? false, ...found });
  const client = found.client!;
  const name = plainName(client.metadata.client_name);
  if (name !== null) trace.set({ clientName: name });
  if (!tenant.config['clientAuth.required']) {
    trace.set({ acted: { kind: 'knob', name: 'clientAuth.required' } });
    return { client, method: credentials.method };
  }
  // Of a client that nobody registered, no secret is known that could be right or wrong.
  if (isUnregistered(client)) return { client, method: credentials.method };
  if (
    credentials.method === 'none' &&
    issuerLabel(tenant) === 'idp' &&
    tenant.config['idp.clientAuth'] === 'optional'
  ) {
    trace.set({ acted: { kind: 'knob', name: 'idp.clientAuth' } });
    return { client, method: 'none' };
  }
  const offered = tenant.config['clientAuth.methods'];
  check(trace, clientMethod, { credentials, client, offered, eitherSecret: options.eitherSecret ?? false });
  if (credentials.method === 'private_key_jwt')
    await verifyClientAssertion(ctx, client, credentials.assertion ?? '', came.assertionType);
  else if (credentials.method !== 'none')
    check(trace, clientSecret, { client, secret: credentials.secret ?? '', now: tenant.now() });
  return { client, method: credentials.method };
}

interface Found {
  readonly client: ClientRecord | null;
  /** Why the client's document will not do; null if that is not the reason. */
  readonly problem: { readonly reason: string; readonly description: string } | null;
}

const NOBODY: Found = { client: null, problem: null };

/** Here a document that will not do means a client that does not exist; the authorization endpoint says more. */
async function find(ctx: Context, clientId: string): Promise<Found> {
  try {
    return { client: await findClient(ctx, clientId), problem: null };
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    return { client: null, problem: { reason: error.reason, description: error.description } };
  }
}
