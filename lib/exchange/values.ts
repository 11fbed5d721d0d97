/** Which values travelled in an exchange, and who made each. */
import {
  challengesOf,
  formOf,
  headerOf,
  interactionOf,
  jsonOf,
  type Parameters,
  queryOf,
  redirectOf,
  tokenOf,
} from './read.ts';
import { NOT_KEPT } from './kept.ts';
import type { Exchange, Party } from './types.ts';

/** A value that an exchange carried. */
export interface Carried {
  readonly name: string;
  readonly value: string;
  /** Who made it. */
  readonly by: Party;
}

/** Who makes a value of this name. */
export const makers: Readonly<Record<string, Party>> = {
  state: 'client',
  code_challenge: 'client',
  code_verifier: 'client',
  redirect_uri: 'client',
  nonce: 'client',
  client_name: 'client',
  client_id: 'as',
  client_secret: 'as',
  code: 'as',
  access_token: 'as',
  refresh_token: 'as',
  id_token: 'as',
  device_code: 'as',
  user_code: 'as',
  registration_access_token: 'as',
  issuer: 'as',
  interaction: 'as',
  request_uri: 'as',
  registration_endpoint: 'as',
  authorization_endpoint: 'as',
  token_endpoint: 'as',
  resource: 'mcp',
  resource_metadata_url: 'mcp',
  challenged_scope: 'mcp',
  session_id: 'mcp',
};

const IN_QUERY = ['state', 'code_challenge', 'redirect_uri', 'nonce', 'client_id', 'resource', 'request_uri'];
const IN_FORM = [
  'state',
  'code_challenge',
  'redirect_uri',
  'code',
  'code_verifier',
  'client_id',
  'client_secret',
  'refresh_token',
  'device_code',
  'resource',
  'interaction',
];
const IN_ANSWER: Readonly<Record<string, readonly string[]>> = {
  prm: ['resource'],
  'as-metadata': ['issuer', 'registration_endpoint', 'authorization_endpoint', 'token_endpoint'],
  register: ['client_id', 'client_secret', 'registration_access_token', 'client_name'],
  token: ['access_token', 'refresh_token', 'id_token'],
  device: ['device_code', 'user_code'],
  par: ['request_uri'],
};

const known = new WeakMap<Exchange, readonly Carried[]>();

/** The values that an exchange carried, in the order of the messages; worked out once for each exchange. */
export function valuesOf(exchange: Exchange): readonly Carried[] {
  const before = known.get(exchange);
  if (before) return before;
  const list: Carried[] = [];
  const add = (name: string, value: unknown): void => {
    const by = makers[name];
    if (by !== undefined && typeof value === 'string' && value.length > 3 && value !== NOT_KEPT)
      list.push({ name, value, by });
  };
  const addAll = (parameters: Parameters | undefined, names: readonly string[]): void => {
    for (const name of names) add(name, parameters?.get(name));
  };
  const challenge = challengesOf(exchange).find(({ parameters }) => parameters.resource_metadata !== undefined);
  add('resource_metadata_url', challenge?.parameters.resource_metadata);
  add('challenged_scope', challenge?.parameters.scope);
  add('session_id', headerOf(exchange.response, 'mcp-session-id'));
  addAll(queryOf(exchange), IN_QUERY);
  addAll(formOf(exchange), IN_FORM);
  add('access_token', tokenOf(exchange)?.token);
  addAll(redirectOf(exchange)?.parameters, ['code', 'state']);
  add('interaction', interactionOf(exchange));
  const names = IN_ANSWER[exchange.endpoint];
  const answer = names && jsonOf(exchange.response);
  if (answer) {
    for (const name of names) add(name, answer[name]);
    if (exchange.endpoint === 'prm') add('issuer', firstOf(answer.authorization_servers));
    if (exchange.endpoint === 'register') add('redirect_uri', firstOf(answer.redirect_uris));
  }
  known.set(exchange, list);
  return list;
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
