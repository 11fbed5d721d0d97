import type { ClientRecord } from '#lib/store/store.ts';
import { OAuthError } from '../errors.ts';
import { type RedirectUri, sameRedirectUri } from './redirect-uri.ts';
import type { Check } from './types.ts';

export interface LogoutRedirect {
  readonly client: ClientRecord | null;
  readonly uri: string;
  /** The knob `authorize.redirectPort`, which holds here as it does for redirect URIs. */
  readonly port: RedirectUri['port'];
  readonly allowedHosts?: ReadonlySet<string> | undefined;
}

/**
 * After signing out the browser goes to an address that the client registered for this: "The value MUST have been
 * previously registered with the OP". Of a loopback address the port may differ, as with redirect URIs.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export const logoutRedirect: Check<LogoutRedirect> = {
  name: 'logout-redirect',
  says: 'The address to return to is registered',
  clause: 'oidc-logout-3',
  test({ client, uri, port, allowedHosts }) {
    const registered = client?.metadata.post_logout_redirect_uris;
    const list: readonly string[] = Array.isArray(registered)
      ? registered.filter((one): one is string => typeof one === 'string')
      : [];
    if (list.some((one) => sameRedirectUri(one, uri, port, allowedHosts))) return { expected: list, got: uri };
    throw new OAuthError('invalid_request', {
      reason: 'logout-redirect',
      delivery: { kind: 'page' },
      description:
        client === null
          ? 'The post_logout_redirect_uri needs an id_token_hint or a client_id to say whose it is.'
          : 'The post_logout_redirect_uri is not one that the client registered.',
      evidence: { expected: list, got: uri.slice(0, 500) },
    });
  },
};
