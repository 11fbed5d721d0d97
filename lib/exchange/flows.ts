/**
 * Which exchanges belong together: one attempt of one client to get in, from the first refusal to
 * the last call with what came of it.
 */
import { formOf, interactionOf, jsonOf, queryOf, redirectOf, tokenOf } from './read.ts';
import { clientName } from './sender.ts';
import type { Exchange } from './types.ts';

export interface Flow {
  readonly id: number;
  readonly title: string;
  readonly exchanges: readonly Exchange[];
}

interface Open {
  id: number;
  client: string | null;
  title: string;
  exchanges: Exchange[];
  authorized: boolean;
  redeemed: boolean;
  at: number;
}

/** ms after which a request that names nobody is no longer laid to who was there before. */
const NEAR = 600_000;
const NAMELESS: ReadonlySet<string> = new Set([
  'prm',
  'as-metadata',
  'jwks',
  'register',
  'mcp',
  'bearer',
  'no-auth',
  'unknown',
  'server',
  'par',
  'device',
]);

const tied = new WeakMap<Exchange, readonly string[]>();

/** What ties an exchange to others: values that only one flow has. Worked out once for an exchange. */
function ties(exchange: Exchange): readonly string[] {
  const before = tied.get(exchange);
  if (before) return before;
  const found = tiesOf(exchange);
  tied.set(exchange, found);
  return found;
}

function tiesOf(exchange: Exchange): string[] {
  const query = queryOf(exchange);
  const form = formOf(exchange);
  const answers = exchange.endpoint === 'token' || exchange.endpoint === 'device';
  const answer = answers ? jsonOf(exchange.response) : null;
  const pairs: [string, unknown][] = [
    ['grant', exchange.grantId],
    ['state', query.get('state')],
    ['challenge', query.get('code_challenge')],
    ['challenge', form.get('code_challenge')],
    ['code', form.get('code')],
    ['code', redirectOf(exchange)?.parameters.get('code')],
    ['interaction', interactionOf(exchange)],
    ['device', form.get('device_code') ?? answer?.device_code],
    ['refresh', form.get('refresh_token')],
    ['refresh', answer?.refresh_token],
    ['access', answer?.access_token],
    ['access', tokenOf(exchange)?.token],
  ];
  return pairs.flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [`${name} ${value}`] : []));
}

/** Who sent it, as far as anybody can tell who is not named. */
const agentOf = (exchange: Exchange): string =>
  `${exchange.client.userAgent ?? ''} ${(exchange.client.connection ?? '').split('#')[0]}`;

/**
 * Sorts exchanges into flows, oldest first.
 * @param exchanges in the order of their numbers
 */
export function flowsOf(exchanges: readonly Exchange[]): Flow[] {
  const flows: Open[] = [];
  const byTie = new Map<string, Open>();
  const byClient = new Map<string, Open>();
  const byAgent = new Map<string, Open>();
  for (const exchange of exchanges) {
    const at = Date.parse(exchange.at);
    const keys = ties(exchange);
    const clientId = exchange.client.clientId;
    const begins = exchange.endpoint === 'authorize' && exchange.request.method === 'GET';
    let flow = keys.map((key) => byTie.get(key)).find((one) => one !== undefined);
    if (!flow && clientId !== null) {
      const candidate = byClient.get(clientId);
      if (candidate && !(begins && candidate.authorized)) flow = candidate;
    }
    if (!flow && (NAMELESS.has(exchange.endpoint) || begins)) {
      const near = begins
        ? flows.findLast((one) => !one.authorized && at - one.at < NEAR)
        : byAgent.get(agentOf(exchange));
      if (near && at - near.at < NEAR && !near.redeemed) flow = near;
    }
    if (!flow) {
      flow = { id: exchange.seq, client: null, title: '', exchanges: [], authorized: false, redeemed: false, at };
      flows.push(flow);
    }
    flow.exchanges.push(exchange);
    flow.at = at;
    if (begins) flow.authorized = true;
    if (exchange.endpoint === 'token' && exchange.response?.status === 200) flow.redeemed = true;
    for (const key of keys) byTie.set(key, flow);
    if (clientId !== null) byClient.set(clientId, flow);
    if (exchange.from === 'client') byAgent.set(agentOf(exchange), flow);
  }
  return flows.map((flow) => ({ id: flow.id, title: titleOf(flow.exchanges), exchanges: flow.exchanges }));
}

function titleOf(exchanges: readonly Exchange[]): string {
  const named =
    exchanges.find((exchange) => exchange.client.name !== null) ??
    exchanges.find((exchange) => exchange.client.clientId !== null) ??
    exchanges[0];
  return (named && clientName(named)) ?? 'a client that names itself nowhere';
}
