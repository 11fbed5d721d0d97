/**
 * Readers of the members of a registration. What is not understood is ignored (RFC 7591 §2); what is
 * understood and cannot be met is refused.
 */
import { OAuthError } from '../../errors.ts';

export type Members = Readonly<Record<string, unknown>>;

/** @returns the error of a member that cannot be met */
export function unmet(member: string, problem: string, got?: unknown): OAuthError {
  return new OAuthError('invalid_client_metadata', {
    reason: 'client-metadata-invalid',
    description: `${member} ${problem}.`,
    evidence: { member, ...(got === undefined ? {} : { got: typeof got === 'string' ? got.slice(0, 300) : got }) },
  });
}

/** Text, undefined where the member is absent or null. */
export function text(members: Members, name: string, max = 2000): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw unmet(name, 'must be a string');
  if (value.length > max) throw unmet(name, `may have ${max} characters at most`);
  return value === '' ? undefined : value;
}

export function flag(members: Members, name: string): boolean | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw unmet(name, 'must be true or false', value);
  return value;
}

export function list(members: Members, name: string, max = 50): readonly string[] | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw unmet(name, 'must be a list of strings');
  if (value.length > max) throw unmet(name, `may have ${max} entries at most`);
  return [...new Set(value as string[])];
}

/** An `https` or `http` address: for people to look at, never fetched. */
export function webAddress(members: Members, name: string): string | undefined {
  const value = text(members, name);
  if (value === undefined) return undefined;
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) throw unmet(name, 'must be an http or https URL', value);
  return value;
}

/**
 * The name as it may be shown: at most 80 characters, none of them a control or bidirectional one,
 * with which a name could pass for other text on the consent page.
 */
export function displayName(name: string): string | undefined {
  const clean = name.replaceAll(/[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/gu, '').trim();
  return clean === '' ? undefined : [...clean].slice(0, 80).join('');
}
