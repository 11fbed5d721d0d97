import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface AddressKnown {
  readonly pathname: string;
  /** Whether the path can be decoded as UTF-8. */
  readonly decodable: boolean;
  readonly known: boolean;
}

/** There is something at the address of the request. */
export const addressKnown: Check<AddressKnown> = {
  name: 'address',
  says: 'There is something at this address',
  clause: 'rfc9110-15.5.5',
  test({ pathname, decodable, known }) {
    if (!decodable) {
      throw new OAuthError('invalid_request', {
        reason: 'request-malformed',
        description: 'The path has a percent-encoding that cannot be decoded as UTF-8.',
      });
    }
    if (known) return { path: pathname };
    const evidence = { path: pathname };
    if (pathname.includes('/.well-known/')) {
      throw new OAuthError('not_found', {
        reason: 'metadata-unknown',
        description: 'There is no document at this address. The well-known part stands between host and path.',
        evidence,
      });
    }
    throw new OAuthError('not_found', {
      reason: 'path-unknown',
      description: pathname.endsWith('/')
        ? 'There is nothing at this address. Paths have no trailing slash.'
        : 'There is nothing at this address.',
      evidence,
    });
  },
};
