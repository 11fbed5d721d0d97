import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The address of a client's document does not lead into an inner network, and to this machine only if the server is a
 * local one. Nothing is said of what lies there, so that nobody can map a network by it.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-6.5
 */
export const documentOutside: Check<{ inside: boolean; here: boolean }> = {
  name: 'document-outside',
  says: ({ here }) =>
    here ? 'The address leads to this machine, where a local server may look' : 'The address leads outside',
  clause: 'cimd-6.5',
  test({ inside }) {
    if (!inside) return;
    throw new OAuthError('invalid_client', {
      reason: 'document-address',
      delivery: { kind: 'page' },
      description: 'The address is not one that this server fetches from.',
      evidence: { problem: 'address' },
    });
  },
};
