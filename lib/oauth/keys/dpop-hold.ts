import { check } from '../checks/check.ts';
import { dpopKey } from '../checks/dpop-key.ts';
import { dpopPresent } from '../checks/dpop-present.ts';
import type { Trace } from '../context.ts';

/**
 * Holds a token request to the key that its code or refresh token is bound to.
 * @param bound thumbprint of that key; null: bound to none
 * @param jkt thumbprint of the key that the request proves to hold; null: none
 * @throws OAuthError `invalid_dpop_proof` without a proof, `invalid_grant` by another key
 */
export function holdToKey(trace: Trace, bound: string | null, jkt: string | null): void {
  if (bound === null) return;
  check(trace, dpopPresent, { demanded: true, jkt });
  check(trace, dpopKey, { server: 'as', expected: bound, got: jkt! });
}
