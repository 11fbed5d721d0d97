/**
 * What the record of a sandbox knows about a refusal beside its reason: whose value it was, and what came before it.
 * Worked out from recorded exchanges, for people; the server does not tell a client.
 */
import { formOf, queryOf, redirectOf } from './read.ts';
import type { Exchange } from './types.ts';

/** One thing that is known, and the exchange that shows it; null if that is no longer kept. */
export interface Related {
  readonly seq: number | null;
  readonly says: string;
}

/** @param exchanges of the same sandbox, in the order of their numbers; masked or not */
export function relatedOf(exchange: Exchange, exchanges: readonly Exchange[]): Related[] {
  const before = exchanges.filter(({ seq }) => seq < exchange.seq);
  const found = [elsewhereOf(exchange, before), codeOf(exchange, before), stateOf(exchange, before)];
  return [...found, denialOf(exchange, before)].filter((one) => one !== null);
}

/** What the server knew of the value, and the exchange that its grant began with. */
function elsewhereOf({ evidence }: Exchange, before: readonly Exchange[]): Related | null {
  const known = evidence?.elsewhere as { readonly says?: unknown; readonly grant?: unknown } | undefined;
  if (typeof known?.says !== 'string') return null;
  const began = before.find(({ grantId }) => grantId !== null && grantId === known.grant);
  return { seq: began?.seq ?? null, says: known.says };
}

/** The code was given out here: to whom, and when. */
function codeOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  const code = formOf(exchange).get('code');
  const isAboutCode = exchange.reason === 'code-other-client' || exchange.reason === 'code-spent';
  if (exchange.endpoint !== 'token' || code === null || !isAboutCode) return null;
  const given = before.findLast((one) => redirectOf(one)?.parameters.get('code') === code);
  if (given === undefined) return null;
  const spent = before.find(
    (one) => one.endpoint === 'token' && one.seq > given.seq && formOf(one).get('code') === code,
  );
  if (exchange.reason === 'code-spent' && spent !== undefined)
    return { seq: spent.seq, says: `Exchange ${spent.seq} redeemed this code.` };
  const whose = given.client.clientId;
  return { seq: given.seq, says: `Exchange ${given.seq} gave out this code${whose === null ? '' : `, for ${whose}`}.` };
}

/** Two authorization requests with one `state`: their answers cannot be told apart. */
function stateOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  if (exchange.endpoint !== 'authorize' || exchange.request.method !== 'GET') return null;
  const state = queryOf(exchange).get('state');
  const other = before.findLast(
    (one) => one.endpoint === 'authorize' && one.request.method === 'GET' && queryOf(one).get('state') === state,
  );
  return state === null || other === undefined
    ? null
    : { seq: other.seq, says: `Authorization request ${other.seq} had this state too.` };
}

/** A client that comes without a token was denied before. */
function denialOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  if (exchange.reason !== 'token-absent') return null;
  const ended = before.findLast((one) => {
    const parameters = redirectOf(one)?.parameters;
    return parameters?.has('error') || parameters?.has('code');
  });
  const error = ended && redirectOf(ended)?.parameters.get('error');
  return ended && error ? { seq: ended.seq, says: `The latest authorization before ended with ${error}.` } : null;
}
