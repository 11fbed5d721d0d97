import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * The document names the very address that it lies at: a copy elsewhere gives itself away.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1 "The client_id
 *   property's value MUST match the URL of the document using simple string comparison"
 */
export const documentNamesItself: Check<{ readonly url: string; readonly named: string }> = {
  name: 'document-names-itself',
  says: 'The document names the address that it lies at',
  clause: 'cimd-4.1',
  test({ url, named }) {
    if (url === named) return { expected: url, got: named };
    throw new OAuthError('invalid_client', {
      reason: 'document-mismatch',
      delivery: { kind: 'page' },
      description: 'The client_id in the document is not the address that it lies at.',
      evidence: { expected: url, got: named.slice(0, 200) },
    });
  },
};
