import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

export interface DocumentRead {
  /** Why there is no document, in a sentence; null if there is one. */
  readonly problem: string | null;
  readonly evidence?: Evidence;
}

/**
 * The client's document can be read: its address answered with 200.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.3
 */
export const documentRead: Check<DocumentRead> = {
  name: 'document-read',
  says: 'The document can be read',
  clause: 'cimd-4.3',
  test({ problem, evidence }) {
    if (problem === null) return evidence;
    throw new OAuthError('invalid_client', {
      reason: 'document-unreachable',
      delivery: { kind: 'page' },
      description: problem,
      ...(evidence ? { evidence } : {}),
    });
  },
};
