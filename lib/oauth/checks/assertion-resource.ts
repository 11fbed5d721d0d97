import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/**
 * If the assertion names resources, the request stays within them.
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2.2
 */
export const assertionResource: Check<{ promised: readonly string[]; requested: readonly string[] }> = {
  name: 'assertion-resource',
  says: ({ promised }) =>
    promised.length === 0 ? 'The assertion names no resource' : 'The resource is within the assertion',
  clause: 'rfc8707-2.2',
  test({ promised, requested }) {
    const outside = promised.length > 0 ? requested.find((one) => !promised.includes(one)) : undefined;
    if (outside === undefined) return { expected: promised, got: requested };
    throw new OAuthError('invalid_target', {
      reason: 'resource-outside-grant',
      description: `The assertion is not for the resource ${outside.slice(0, 200)}.`,
      evidence: { expected: promised, got: requested },
    });
  },
};
