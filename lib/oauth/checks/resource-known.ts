import { OAuthError } from '../errors.ts';
import { isAbsoluteUri } from '#lib/spec/uri.ts';
import type { Check } from './types.ts';

/** Which of the two places refuses: the authorization endpoint by redirect, all others in JSON. */
export type ResourceReason = 'resource-unknown' | 'target-not-allowed';

export interface ResourceKnown {
  /** The knob `resourceParameter`. */
  readonly rule: 'honour' | 'require' | 'ignore' | 'reject';
  readonly requested: readonly string[];
  /** The server's own resources, for the message. */
  readonly own: readonly string[];
  /** Whether tokens for this resource are issued (knob `resources`). */
  readonly isAllowed: (resource: string) => boolean;
  /** The knob `resources`, in words. */
  readonly policy: string;
  readonly reason: ResourceReason;
}

/**
 * Tokens are issued for every resource that the request names.
 * @see https://datatracker.ietf.org/doc/html/rfc8707#section-2
 */
export const resourceKnown: Check<ResourceKnown> = {
  name: 'resource-known',
  says: ({ rule, requested }) => {
    if (rule === 'ignore') return 'The resource parameter is ignored here';
    return requested.length === 0 && rule !== 'require'
      ? 'No resource is named'
      : 'This server issues tokens for the resource';
  },
  clause: 'rfc8707-2',
  test({ rule, requested, own, isAllowed, policy, reason }) {
    const refuse = (description: string, expected: unknown) =>
      new OAuthError('invalid_target', { reason, description, evidence: { expected, got: requested } });
    if (rule === 'ignore') return { ignored: requested };
    if (rule === 'reject' && requested.length > 0) throw refuse('This server takes no resource parameter.', []);
    if (rule === 'require' && requested.length === 0) throw refuse('The parameter resource is required.', own);
    for (const resource of requested) {
      const shown = resource.slice(0, 200);
      if (!isAbsoluteUri(resource))
        throw refuse(`The resource ${shown} is not an absolute URI without a fragment.`, 'an absolute URI');
      if (!isAllowed(resource))
        throw refuse(
          `The resource ${shown} is not one that this server issues tokens for. ` +
            `The knob resources says which it does; it stands at ${policy}.`,
          own,
        );
    }
    return { got: requested };
  },
};
