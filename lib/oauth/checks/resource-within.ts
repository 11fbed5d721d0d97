import type { SandboxConfig } from '#lib/config/config.ts';
import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

interface Input {
  /** The knob `resourceParameter`. */
  readonly rule: SandboxConfig['resourceParameter'];
  readonly granted: readonly string[];
  readonly requested: readonly string[];
}

/**
 * The resources of a token request are among those that the user consented to: it may choose within
 * them, and not leave them.
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2.2
 */
export const resourceWithin: Check<Input> = {
  name: 'resource-within',
  says: ({ rule }) =>
    rule === 'ignore' ? 'The resource parameter is ignored here' : '`resource` is within what was granted',
  clause: 'rfc8707-2.2',
  test({ rule, granted, requested }) {
    if (rule === 'ignore') return { ignored: requested };
    if (rule === 'reject' && requested.length > 0)
      throw new OAuthError('invalid_target', {
        reason: 'target-not-allowed',
        description: 'This server takes no resource parameter.',
        evidence: { expected: [], got: requested },
      });
    if (rule === 'require' && requested.length === 0)
      throw new OAuthError('invalid_target', {
        reason: 'target-not-allowed',
        description: 'The parameter resource is required.',
        evidence: { expected: granted, got: [] },
      });
    const outside = requested.find((resource) => !granted.includes(resource));
    if (outside === undefined) return { expected: granted, got: requested };
    throw new OAuthError('invalid_target', {
      reason: 'resource-outside-grant',
      description: `The grant is not for the resource ${outside.slice(0, 200)}.`,
      evidence: { expected: granted, got: requested },
    });
  },
};
