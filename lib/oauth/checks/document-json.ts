import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface DocumentJson {
  /** Undefined if the body is not JSON, or is declared as something else. */
  readonly document: unknown;
  /** Media type that it came as. */
  readonly type: string;
  /** What it says, in the lab in which an invented inner network answers. */
  readonly told?: string;
}

/**
 * The client's document is JSON.
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-4.1
 */
export const documentJson: Check<DocumentJson> = {
  name: 'document-json',
  says: 'The document is JSON',
  clause: 'cimd-4.1',
  test({ document, type, told }) {
    if (document !== undefined) return { type };
    throw new OAuthError('invalid_client', {
      reason: 'document-invalid',
      delivery: { kind: 'page' },
      description: `The client's document is not JSON.${told === undefined ? '' : ` It says: ${told}`}`,
      evidence: { expected: 'application/json', got: type },
    });
  },
};
