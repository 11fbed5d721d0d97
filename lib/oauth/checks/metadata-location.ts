import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The document is served at this address (knob `metadata.locations`).
 * @see https://datatracker.ietf.org/doc/html/rfc8414#section-3.1
 */
export const metadataLocation: Check<{ here: boolean; served: readonly string[]; pathname: string }> = {
  name: 'metadata-location',
  says: 'The document is described at this address',
  clause: 'rfc8414-3.1',
  test({ here, served, pathname }) {
    if (here) return { locations: served };
    throw new OAuthError('not_found', {
      reason: 'metadata-unknown',
      description: 'Nothing is described at this address.',
      evidence: { expected: served, got: pathname },
    });
  },
};
