/** Which values travelled, and who made each: for colour, and for lighting one up everywhere. */
import { formOf, header, parseChallenges, parseObject, queryOf } from '#lib/guide/answers.ts';
import type { Bag } from '#lib/guide/types.ts';
import type { Exchange, Party } from './types.ts';

interface Found {
  readonly name: string;
  readonly value: string;
  readonly by: Party;
}

/** Who makes a value of this name. */
const MAKERS: Readonly<Record<string, Party>> = {
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

/** Makers by name, for whoever draws. */
export const makers: Readonly<Record<string, Party>> = MAKERS;

const found = new WeakMap<Exchange, readonly Found[]>();

/** Values of one exchange; worked out once. */
function valuesOf(exchange: Exchange): readonly Found[] {
  const before = found.get(exchange);
  if (before) return before;
  const list: Found[] = [];
  const add = (name: string, value: unknown): void => {
    const by = MAKERS[name];
    if (by !== undefined && typeof value === 'string' && value.length > 3 && value !== 'not-kept')
      list.push({ name, value, by });
  };
  const addAll = (values: Readonly<Record<string, unknown>>, names: readonly string[]): void => {
    for (const name of names) add(name, values[name]);
  };
  const { request, response } = exchange;
  const challenge = parseChallenges(header(response, 'www-authenticate')).find(
    (one) => one.parameters.resource_metadata !== undefined,
  );
  if (challenge) {
    add('resource_metadata_url', challenge.parameters.resource_metadata);
    add('challenged_scope', challenge.parameters.scope);
  }
  add('session_id', header(response, 'mcp-session-id'));
  addAll(queryOf(request.url), [
    'state',
    'code_challenge',
    'redirect_uri',
    'nonce',
    'client_id',
    'resource',
    'request_uri',
  ]);
  addAll(formOf(exchange), [
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
  ]);
  const token = /^(?:Bearer|DPoP) +(\S+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  if (token) add('access_token', token);
  const location = header(response, 'location');
  if (location) {
    addAll(queryOf(location), ['code', 'state']);
    add('interaction', /\/consent\/([\w.~-]+)/.exec(location)?.[1]);
  }
  if (exchange.endpoint !== 'mcp') {
    const answer = parseObject(response?.body ?? null) ?? {};
    const names = {
      prm: ['resource'],
      'as-metadata': ['issuer', 'registration_endpoint', 'authorization_endpoint', 'token_endpoint'],
      register: ['client_id', 'client_secret', 'registration_access_token', 'client_name'],
      token: ['access_token', 'refresh_token', 'id_token'],
      device: ['device_code', 'user_code'],
      par: ['request_uri'],
    }[exchange.endpoint];
    if (names) addAll(answer, names);
    if (exchange.endpoint === 'prm' && Array.isArray(answer.authorization_servers))
      add('issuer', answer.authorization_servers[0]);
    if (exchange.endpoint === 'register') add('redirect_uri', (answer.redirect_uris as unknown[] | undefined)?.[0]);
  }
  found.set(exchange, list);
  return list;
}

/** Values that are known once an exchange has happened; of two with one name the later wins. */
export function bagAt(exchanges: readonly Exchange[], exchange: Exchange): Bag {
  const bag: Record<string, Bag[string]> = {};
  const hold = (one: Exchange): void => {
    for (const { name, value, by } of valuesOf(one))
      bag[name] = { name, value, madeBy: by, secret: false, step: null, run: one.seq };
  };
  for (const one of exchanges) if (one.seq < exchange.seq) hold(one);
  hold(exchange);
  return bag;
}

/** Values that first appear in an exchange, and which of them its request carries. */
export function namesIn(exchange: Exchange): readonly { readonly name: string; readonly value: string }[] {
  return valuesOf(exchange);
}
