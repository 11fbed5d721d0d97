import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** Scopes with which a tester has a workload refused, as the conformance suite does. */
const REFUSING = { unauthorized: 'wif.trigger-unauthorized', rejected: 'wif.rejected' };

/** The workload may use this grant, with this scope. Two scopes of the conformance suite have it refused. */
export const workloadPermitted: Check<readonly string[]> = {
  name: 'workload-permitted',
  says: 'The workload may use this grant',
  clause: 'rfc7523-3',
  test(scope) {
    if (scope.includes(REFUSING.unauthorized)) {
      throw new OAuthError('unauthorized_client', {
        reason: 'grant-type-not-registered',
        description: 'The client is not authorized for this grant.',
        evidence: { got: scope },
      });
    }
    if (scope.includes(REFUSING.rejected)) {
      throw new OAuthError('invalid_scope', {
        reason: 'scope-not-registered',
        description: 'The scope is not permitted for this grant.',
        evidence: { got: scope },
      });
    }
    return;
  },
};
