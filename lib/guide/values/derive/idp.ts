import type { Derive } from '../value.ts';

/** The sandbox's identity provider, by its issuer: a client is configured with it. */
export const idpIssuer: Derive = {
  value: 'idp_issuer',
  derive: (bag) => (bag.base ? `${bag.base.value.replace(/\/$/, '')}/idp` : null),
};

/** Where its metadata is. @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
export const idpMetadataUrl: Derive = {
  value: 'idp_metadata_url',
  derive: (bag) => {
    const issuer = idpIssuer.derive(bag);
    return issuer === null ? null : `${issuer}/.well-known/openid-configuration`;
  },
};
