/** The secrets of an exchange: masked wherever a report leaves. */
import { jsonOf, RESOURCE_ENDPOINTS } from '#lib/exchange/read.ts';
import type { Seen } from './seen.ts';

/** Secret members of answers. */
const SECRETS: readonly string[] = [
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'device_code',
  'registration_access_token',
];

/** Secret parameters of requests. */
const SECRET_PARAMETERS: readonly string[] = [
  'code',
  'code_verifier',
  'refresh_token',
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'actor_token',
  'token',
  'device_code',
  'interaction',
  'access_token',
  'id_token_hint',
];

/** Adds the secrets of an exchange to those that are known. */
export function noteSecrets(seen: Seen, secrets: Set<string>): void {
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= 8) secrets.add(value);
  };
  // The parameters of a call are the client's own business, and its body is not read for nothing.
  if (!RESOURCE_ENDPOINTS.has(seen.endpoint)) for (const name of SECRET_PARAMETERS) add(seen.param(name));
  else if (seen.query.size > 0) for (const name of SECRET_PARAMETERS) add(seen.query.get(name));
  add(seen.token?.token);
  add(seen.basic?.secret);
  add(seen.header('dpop'));
  add(seen.header('authorization')?.replace(/^\S+\s+/, ''));
  add(seen.header('mcp-session-id'));
  add(seen.redirect?.parameters.get('code'));
  if (seen.endpoint === 'token' || seen.endpoint === 'register' || seen.endpoint === 'device')
    for (const name of SECRETS) add(jsonOf(seen.exchange.response)?.[name]);
}
