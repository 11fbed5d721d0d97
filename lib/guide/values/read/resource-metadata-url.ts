import { tokenChallengeOf } from '#lib/exchange/read.ts';
import type { Read } from '../value.ts';

/** Where a challenge says that the resource metadata is. */
export const resourceMetadataUrl: Read = {
  value: 'resource_metadata_url',
  read: (exchange) => tokenChallengeOf(exchange)?.parameters.resource_metadata,
};
