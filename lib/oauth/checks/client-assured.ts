import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientAssured {
  readonly client: ClientRecord;
  readonly redirectUri: string;
  /** Origin of this server, whose own pages are known. */
  readonly origin: string;
}

/**
 * Who gets an answer without a page is known: a client that proves itself, or whoever holds a name
 * under https. Any program on the device can claim to be a public native client.
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-8.6 "SHOULD NOT process authorization requests automatically
 *   without user consent or interaction, except when the identity of the client can be assured"
 */
export const clientAssured: Check<ClientAssured> = {
  name: 'client-assured',
  says: 'Who gets the answer without a page is known',
  clause: 'rfc8252-8.6',
  test({ client, redirectUri, origin }) {
    const provesItself = client.authMethods.some((method) => method !== 'none');
    const { protocol, origin: target } = new URL(redirectUri);
    if (provesItself || protocol === 'https:' || target === origin) return { public: !provesItself, got: redirectUri };
    throw new OAuthError('consent_required', {
      reason: 'consent-required',
      description: 'Any program on the device could claim to be this client, so the user has to be asked.',
      evidence: { expected: 'a client that proves itself, or an https address', got: redirectUri.slice(0, 500) },
    });
  },
};
