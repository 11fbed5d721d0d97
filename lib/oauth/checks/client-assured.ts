import { isLoopbackHost } from '#lib/spec/loopback.ts';
import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ClientAssured {
  readonly client: ClientRecord;
  readonly redirectUri: string;
  /** Origin of this server, whose own pages are known. */
  readonly origin: string;
  /** The knob `authorize.silent`. */
  readonly rule: 'assured' | 'any';
}

/**
 * Who gets an answer without a page is known: a client that proves itself, a page of this server, or on a loopback
 * instance a web page at exactly the registered address. Any program on the device can claim to be a native client:
 * "authorization servers SHOULD NOT process authorization requests automatically without user consent or interaction,
 * except when the identity of the client can be assured".
 * @see https://datatracker.ietf.org/doc/html/rfc8252#section-8.6
 */
export const clientAssured: Check<ClientAssured> = {
  name: 'client-assured',
  says: (input) =>
    input.rule === 'any' && !isAssured(input)
      ? 'Nobody asks here who gets the answer without a page'
      : 'Who gets the answer without a page is known',
  clause: 'rfc8252-8.6',
  test(input) {
    const { client, redirectUri, rule } = input;
    if (rule === 'any' || isAssured(input)) return { rule, public: !provesItself(client), got: redirectUri };
    throw new OAuthError('consent_required', {
      reason: 'consent-required',
      description:
        'The knob authorize.silent stands at assured, and this client cannot be told from another ' +
        'program on the device: ' +
        'the user has to be asked. A client with credentials, or one that registered application_type ' +
        'web, can be told.',
      evidence: {
        knob: 'authorize.silent',
        expected: 'a client with credentials, or on a loopback instance application_type web at its exact redirect URI',
        got: { redirect_uri: redirectUri.slice(0, 500), application_type: client.metadata.application_type ?? null },
      },
    });
  },
};

const provesItself = ({ authMethods }: ClientRecord): boolean => authMethods.some((method) => method !== 'none');

function isAssured({ client, redirectUri, origin }: ClientAssured): boolean {
  const own = new URL(redirectUri).origin === origin;
  return provesItself(client) || own || isLocalPage(client, redirectUri, origin);
}

/** A page that a developer serves from their own machine, to a server on the same machine. */
function isLocalPage({ metadata }: ClientRecord, redirectUri: string, origin: string): boolean {
  return (
    metadata.application_type === 'web' &&
    isLoopbackHost(new URL(origin).hostname) &&
    metadata.redirect_uris.includes(redirectUri)
  );
}
