/** Scopes and resources in plain words, for the person who is asked. */
import { entryOf } from '#lib/spec/own.ts';
import { mcpResource } from '../addresses.ts';
import type { Tenant } from '../context.ts';
import { sandboxBase } from '../issuers.ts';
import { USER_SCOPES, withImplied } from '../scope.ts';

export interface ScopeWords {
  readonly scope: string;
  readonly says: string;
  /** Scopes that it includes. */
  readonly includes: readonly string[];
  /** Whose business it is: the MCP server's, or the authorization server's own. */
  readonly of: 'mcp' | 'as';
}

const WORDS: Readonly<Record<string, string>> = {
  'notes:read': 'Read your notes',
  'notes:write': 'Add notes in your name',
  read: 'Read from the test resource',
  write: 'Write to the test resource',
  admin: 'Use what is meant for administrators',
  openid: 'Know that it is you',
  profile: 'See your name',
  email: 'See your email address',
  address: 'See your postal address',
  phone: 'See your phone number',
  offline_access: 'Go on while you are away',
};

/** What a scope lets a client do, to follow "It may then". */
export function scopeWords(scope: string): ScopeWords {
  return {
    scope,
    says: entryOf(WORDS, scope) ?? `Do what its server calls ${scope}`,
    includes: [...withImplied([scope])].filter((one) => one !== scope),
    of: USER_SCOPES.has(scope) ? 'as' : 'mcp',
  };
}

export interface ResourceWords {
  readonly uri: string;
  readonly name: string;
}

/** What lives at a resource of this sandbox. */
export function resourceWords(tenant: Tenant, uri: string): ResourceWords {
  const own: Readonly<Record<string, string>> = {
    [mcpResource(tenant, 'mcp')]: 'Notes',
    [mcpResource(tenant, 'oauth')]: 'Notes, by its second address',
    [`${sandboxBase(tenant)}/api/resource`]: 'The REST resource',
  };
  return { uri, name: own[uri] ?? (URL.canParse(uri) && new URL(uri).host !== '' ? new URL(uri).host : uri) };
}
