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
import { isOAuthError, OAuthError } from '../errors.ts';
import { type Parameters, parametersOf } from '../parameters.ts';
import { verifyClientAssertion } from './assertion.ts';
import type { AuthMethod } from '../checks/types.ts';
import { credentialsOf, presented } from './credentials.ts';
import { findClient } from './find.ts';

export interface AuthenticatedClient {
  readonly client: ClientRecord;
  readonly method: AuthMethod;
}

/**
 * Finds the client that a request is from, and holds it to the method that it registered.
 * @param form the parameters, where they have been read already
 * @throws OAuthError `invalid_request` where it proves itself in two ways, else `invalid_client` (401)
 */
export async function authenticateClient(
  ctx: Context,
  form: Parameters = parametersOf(ctx.body.form ?? new URLSearchParams()),
): Promise<AuthenticatedClient> {
  const { tenant, trace } = ctx;
  const came = presented(ctx.request.headers, form);
  check(trace, credentialsOnce, came);
  const credentials = credentialsOf(came);
  if (credentials.clientId !== undefined) trace.set({ clientId: credentials.clientId.slice(0, 2000) });
  const client = credentials.clientId === undefined ? null : await find(ctx, credentials.clientId);
  check(trace, clientIdentified, { credentials, client });
  const found = client!;
  if (found.metadata.client_name !== undefined) trace.set({ clientName: found.metadata.client_name });
  if (!tenant.config['clientAuth.required']) {
    trace.set({ acted: { kind: 'knob', name: 'clientAuth.required' } });
    return { client: found, method: credentials.method };
  }
  check(trace, clientMethod, { credentials, client: found, offered: tenant.config['clientAuth.methods'] });
  if (credentials.method === 'private_key_jwt')
    await verifyClientAssertion(ctx, found, credentials.assertion ?? '', came.assertionType);
  else if (credentials.method !== 'none')
    check(trace, clientSecret, { client: found, secret: credentials.secret ?? '', now: tenant.now() });
  return { client: found, method: credentials.method };
}

/** Here a document that does not do means a client that does not exist; the authorization endpoint says more. */
async function find(ctx: Context, clientId: string): Promise<ClientRecord | null> {
  try {
    return await findClient(ctx, clientId);
  } catch (error) {
    if (!isOAuthError(error)) throw error;
    ctx.trace.check({
      check: 'client-identified',
      says: 'The request says whose it is, and that client exists',
      ok: false,
      clause: 'oauth21-3.2.4',
      evidence: { document: error.reason },
    });
    throw new OAuthError('invalid_client', {
      reason: 'client-unidentified',
      description: error.description,
      ...(error.evidence ? { evidence: error.evidence } : {}),
    });
  }
}
