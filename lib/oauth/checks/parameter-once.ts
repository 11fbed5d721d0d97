import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

/** The parameters that may come several times (RFC 8707 §2, RFC 8693 §2.1). */
const REPEATABLE: ReadonlySet<string> = new Set(['resource', 'audience']);

/** The first parameter that came more than once though it may not, or null. Each name is looked at once. */
export function repeatedParameter(form: URLSearchParams, repeatable: ReadonlySet<string> = REPEATABLE): string | null {
  const seen = new Set<string>();
  for (const name of form.keys()) {
    if (seen.has(name) && !repeatable.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/**
 * No parameter came twice: two readers might take a different one of the two.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-3.2.2
 */
export const parameterOnce: Check<URLSearchParams> = {
  name: 'parameter-once',
  says: 'No parameter came twice',
  clause: 'oauth21-3.2.2',
  test(form) {
    const name = repeatedParameter(form);
    if (name === null) return;
    const shown = name.slice(0, 60);
    throw new OAuthError('invalid_request', {
      reason: 'parameter-repeated',
      description: `The parameter ${shown} may be sent once only.`,
      evidence: { expected: 1, got: form.getAll(name).length, parameter: shown },
    });
  },
};
