import { OAuthError } from '../errors.ts';
import type { ResourceReason } from './resource-known.ts';
import { isAbsoluteUri } from '#lib/spec/uri.ts';
import type { Check } from './types.ts';

export interface AudienceForm {
  readonly requested: readonly string[];
  /** At token exchange an audience may be a logical name (RFC 8693 §2.1). */
  readonly logicalNames: boolean;
  readonly reason: ResourceReason;
}

/**
 * Each `audience` is an absolute URI; at token exchange it may be a logical name.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.1
 */
export const audienceForm: Check<AudienceForm> = {
  name: 'audience-form',
  says: ({ requested, logicalNames }) =>
    logicalNames && !requested.every(isAbsoluteUri) ? 'The audience is a name' : 'The audience is an absolute URI',
  clause: 'rfc8693-2.1',
  test({ requested, logicalNames, reason }) {
    for (const audience of requested) {
      if (isAbsoluteUri(audience) || (logicalNames && /^[\x21-\x7E]{1,500}$/.test(audience))) continue;
      throw new OAuthError('invalid_target', {
        reason,
        description: `The audience ${audience.slice(0, 200)} is not an absolute URI without a fragment.`,
        evidence: { expected: 'an absolute URI', got: requested },
      });
    }
    return { got: requested };
  },
};
