import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * An assertion for another authorization server is for one that this provider knows.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.2.2
 */
export const targetServer: Check<{ named: readonly string[]; known: readonly string[] }> = {
  name: 'target',
  says: 'The audience is an authorization server that this provider knows',
  clause: 'rfc8693-2.2.2',
  test({ named, known }) {
    if (named.length === 1 && known.includes(named[0]!)) return { expected: known, got: named };
    throw new OAuthError('invalid_target', {
      reason: 'target-not-allowed',
      description: `The audience must be the issuer of one authorization server: ${known.join(' or ')}.`,
      evidence: { expected: known, got: named },
    });
  },
};
