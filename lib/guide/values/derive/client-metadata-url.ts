import type { Bag } from '../../types.ts';
import type { Derive } from '../value.ts';

const address = (bag: Bag): string | null => (bag.origin ? `${bag.origin.value}/client-metadata.json` : null);

/** Where this site's own client ID metadata document is. */
export const clientMetadataUrl: Derive = { value: 'client_metadata_url', derive: address };

/** The same address in another letter case: another string, so another client. */
export const clientMetadataUrlUpper: Derive = {
  value: 'client_metadata_url_upper',
  derive: (bag) => address(bag)?.replace('client-metadata', 'Client-Metadata') ?? null,
};

/** Its host, which is what a user can judge. */
export const clientMetadataHost: Derive = {
  value: 'client_metadata_host',
  derive: (bag) => (bag.origin ? new URL(bag.origin.value).host : null),
};
