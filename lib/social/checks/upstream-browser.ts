import type { Check } from '#lib/oauth/checks/check.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { sameSecret, sha256 } from '#lib/oauth/hash.ts';

/**
 * The answer comes back in the browser that began. Otherwise somebody could sign a stranger's browser in as themselves
 * by a link.
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1
 */
export const upstreamBrowser: Check<{ browserId: string | null; browserHash: string }> = {
  name: 'upstream-browser',
  says: 'The answer came back in the browser that began the sign-in',
  clause: 'rfc9700-4.7.1',
  test({ browserId, browserHash }) {
    if (browserId !== null && sameSecret(sha256(browserId), browserHash)) return;
    throw new OAuthError('access_denied', {
      reason: 'upstream-browser',
      status: 403,
      delivery: { kind: 'page' },
      description: 'The sign-in was begun in another browser, or this one keeps no cookies.',
      evidence: { expected: 'the cookie of the browser that began', got: browserId === null ? null : 'another' },
    });
  },
};
