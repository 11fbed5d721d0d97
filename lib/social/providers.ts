/** The providers that people may sign in with, and where the real ones are. */
import type { ProviderId } from '#lib/spec/sign-in-providers.ts';

export { isProviderId, PROVIDER_IDS, PROVIDER_NAMES, type ProviderId } from '#lib/spec/sign-in-providers.ts';

/** What an operator was given by a provider. */
export interface ProviderCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Microsoft: whose accounts; `common` takes any. */
  readonly tenant?: string;
}

/** The real providers that an instance is configured for. */
export type ConfiguredProviders = Readonly<Partial<Record<ProviderId, ProviderCredentials>>>;

/** Where a real provider is. */
export interface RealProvider {
  /** Its issuer, whose metadata is read; or the metadata itself, for one that publishes none. */
  readonly issuer: string;
  readonly metadata?: { readonly authorization_endpoint: string; readonly token_endpoint: string };
  readonly scope: string;
  /** Where the user is described, if the provider issues no ID token. */
  readonly profile?: string;
}

/** @param tenant of Microsoft */
export function realProvider(id: ProviderId, tenant = 'common'): RealProvider {
  switch (id) {
    case 'google':
      return { issuer: 'https://accounts.google.com', scope: 'openid email profile' };
    case 'microsoft':
      return { issuer: `https://login.microsoftonline.com/${tenant}/v2.0`, scope: 'openid email profile' };
    // OAuth without OpenID Connect: no metadata and no ID token, so the profile is read with the access token.
    case 'github':
      return {
        issuer: 'https://github.com/login/oauth',
        metadata: {
          authorization_endpoint: 'https://github.com/login/oauth/authorize',
          token_endpoint: 'https://github.com/login/oauth/access_token',
        },
        scope: 'read:user user:email',
        profile: 'https://api.github.com/user',
      };
  }
}

/** The client that a sandbox is at its simulated provider. */
export function simulatedClientId(id: ProviderId): string {
  return `sign-in-${id}`;
}
