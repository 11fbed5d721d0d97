import { tamperSignature } from '../../tamper.ts';
import type { Derive } from '../value.ts';

/**
 * Where a resource describes itself: the well-known part goes between host and path.
 * @see https://datatracker.ietf.org/doc/html/rfc9728#section-3.1
 */
export const prmUrl: Derive = {
  value: 'prm_url',
  derive: (bag) => {
    const text = bag.mcp_url?.value ?? '';
    if (!URL.canParse(text)) return null;
    const { origin } = new URL(text);
    const rest = text.slice(origin.length);
    return `${origin}/.well-known/oauth-protected-resource${rest === '/' ? '' : rest}`;
  },
};

/** The access token with one character of its signature changed. */
export const tamperedToken: Derive = {
  value: 'tampered_token',
  derive: (bag) => (bag.access_token ? tamperSignature(bag.access_token.value) : null),
};
