import { OAuthError } from '../errors.ts';
import type { Check, Evidence } from './types.ts';

/** A member of the metadata that cannot be met, and why. */
export interface MemberProblem {
  readonly member: string;
  /** What follows the name of the member in a sentence. */
  readonly problem: string;
  readonly got?: unknown;
}

export interface ClientMetadata {
  /** In the order of the members; empty if all can be met. */
  readonly problems: readonly MemberProblem[];
  /** What was accepted, and what was left out of it. */
  readonly accepted: Evidence;
}

/**
 * What the client registers can be met. "If [...] the server is unwilling to accept [...] it MUST return an error".
 * @see https://datatracker.ietf.org/doc/html/rfc7591#section-3.2.2
 */
export const clientMetadata: Check<ClientMetadata> = {
  name: 'client-metadata',
  says: 'The grants, the method and the scope can be met',
  clause: 'rfc7591-2',
  test({ problems, accepted }) {
    const [first] = problems;
    if (first === undefined) return accepted;
    throw new OAuthError('invalid_client_metadata', {
      reason: 'client-metadata-invalid',
      description: `${first.member} ${first.problem}.`,
      evidence: {
        member: first.member,
        ...(first.got === undefined ? {} : { got: first.got }),
        ...(problems.length > 1 ? { also: problems.slice(1, 10).map(({ member }) => member) } : {}),
      },
    });
  },
};
