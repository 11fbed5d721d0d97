/** The providers that people may sign in with: their ids stand in addresses, and their names on pages. */
export const PROVIDER_IDS = ['google', 'microsoft', 'github'] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

export const PROVIDER_NAMES: Readonly<Record<ProviderId, string>> = {
  google: 'Google',
  microsoft: 'Microsoft',
  github: 'GitHub',
};

export function isProviderId(text: string): text is ProviderId {
  return (PROVIDER_IDS as readonly string[]).includes(text);
}

/** Clients by which a sandbox signs users in at its own simulated provider: `sign-in-google`. */
export const SIMULATED_CLIENT = /^sign-in-(?:google|microsoft|github)$/;
/** What the requests of this server to a provider call themselves. */
export const UPSTREAM_AGENT = 'authwalk-sign-in';
