/**
 * Reading the members of a registration. What is not understood is ignored (RFC 7591 §2); what is understood and cannot
 * be met is a problem, and all of them are collected, so that the record shows more than the first one.
 */
import type { MemberProblem } from '../../checks/client-metadata.ts';
import { webAddressProblem } from '#lib/spec/uri.ts';
import type { ClientMetadataName } from '../../endpoints/parameters.ts';

/** The members of one registration, and what is wrong with those that were read. */
export class Members {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly problems: MemberProblem[] = [];

  /** @param body the parsed JSON body */
  constructor(body: unknown) {
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    this.#members = isObject ? (body as Record<string, unknown>) : {};
    if (!isObject) this.cannot('The body', 'must be a JSON object');
  }

  /** Adds a problem. @param problem what follows the name of the member in a sentence */
  cannot(member: string, problem: string, got?: unknown): undefined {
    const shown = typeof got === 'string' ? got.slice(0, 300) : got;
    this.problems.push({ member, problem, ...(shown === undefined ? {} : { got: shown }) });
    return undefined;
  }

  /** The member as it was sent; undefined if it is absent or null. */
  raw(name: ClientMetadataName): unknown {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  /** A text; undefined if it is absent, null or empty. @param max characters at most */
  text(name: ClientMetadataName, max = 2000): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.cannot(name, 'must be a string');
    if (value.length > max) return this.cannot(name, `may have ${max} characters at most`);
    return value === '' ? undefined : value;
  }

  flag(name: ClientMetadataName): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.cannot(name, 'must be true or false', value);
  }

  /** A list of strings, each once. @param max entries at most */
  list(name: ClientMetadataName, max = 50): readonly string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      return this.cannot(name, 'must be a list of strings');
    if (value.length > max) return this.cannot(name, `may have ${max} entries at most`);
    return [...new Set(value as string[])];
  }

  /** An `https` or `http` address: for people to look at, never fetched. */
  webAddress(name: ClientMetadataName): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const problem = webAddressProblem(value);
    return problem === null ? value : this.cannot(name, problem, value);
  }

  /** A text that is one of a few. */
  oneOf(name: ClientMetadataName, values: readonly string[]): string | undefined {
    const value = this.text(name);
    if (value === undefined || values.includes(value)) return value;
    return this.cannot(name, `must be one of ${values.join(', ')}`, value);
  }
}

/**
 * The name as it may be shown: at most 80 characters, none of them a control or bidirectional one, with which a name
 * could pass for other text on the consent page.
 */
export function displayName(name: string): string | undefined {
  const clean = name.replaceAll(/[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/gu, '').trim();
  return clean === '' ? undefined : [...clean].slice(0, 80).join('');
}
