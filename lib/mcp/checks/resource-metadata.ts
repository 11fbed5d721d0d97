import type { Check } from '#lib/oauth/checks/types.ts';
import { OAuthError } from '#lib/oauth/errors.ts';

/**
 * A resource is described at this address (knob `prm.location`).
 * @see https://www.rfc-editor.org/rfc/rfc9728.html#section-3.1
 */
export const resourceMetadata: Check<{ known: boolean; address: string }> = {
  name: 'resource-metadata',
  says: 'A resource is described at this address',
  clause: 'rfc9728-3.1',
  test({ known, address }) {
    if (known) return { address };
    throw new OAuthError('not_found', {
      reason: 'metadata-unknown',
      description:
        'No protected resource is described at this address. The well-known part stands between host and path.',
      evidence: { got: address },
    });
  },
};
