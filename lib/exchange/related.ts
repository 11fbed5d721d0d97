/**
 * What the record of a sandbox knows about a refusal beside its reason: whose value it was, and what came before it.
 * Worked out from recorded exchanges, for people; the server does not tell a client.
 */
import { formOf, parameterOf, queryOf, redirectOf } from './read.ts';
import type { Exchange } from './types.ts';

/** One thing that is known, and the exchange that shows it. */
export interface Related {
  readonly seq: number;
  readonly says: string;
}

/** Authorization requests, by the browser or pushed. */
const asks = ({ endpoint, request }: Exchange): boolean =>
  endpoint === 'par' || (endpoint === 'authorize' && (request.method === 'GET' || request.body !== null));

/** @param exchanges of the same sandbox, in the order of their numbers; masked or not */
export function relatedOf(exchange: Exchange, exchanges: readonly Exchange[]): Related[] {
  const before = exchanges.filter(({ seq }) => seq < exchange.seq);
  const found: (Related | null)[] = [];
  if (exchange.endpoint === 'token' && (exchange.response?.status ?? 0) >= 400)
    found.push(verifierOf(exchange, before), codeOf(exchange, before), redirectUriOf(exchange, before));
  found.push(stateOf(exchange, before), denialOf(exchange, before));
  return found.filter((one) => one !== null);
}

/** The verifier belongs to another authorization request: its hash is the challenge of that one. */
function verifierOf({ reason, evidence }: Exchange, before: readonly Exchange[]): Related | null {
  const computed = evidence?.got;
  if (reason !== 'verifier-mismatch' || typeof computed !== 'string') return null;
  const other = before.findLast((one) => asks(one) && parameterOf(one, 'code_challenge') === computed);
  return other === undefined
    ? null
    : { seq: other.seq, says: `This is the verifier of authorization request ${other.seq}.` };
}

/** The code was given out here: to whom, and when. */
function codeOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  const code = formOf(exchange).get('code');
  if (code === null || exchange.reason === 'verifier-mismatch') return null;
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

/** The redirect URI is the one of another authorization request. */
function redirectUriOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  const uri = formOf(exchange).get('redirect_uri');
  if (exchange.reason !== 'redirect-uri-differs' || uri === null) return null;
  const other = before.findLast((one) => asks(one) && parameterOf(one, 'redirect_uri') === uri);
  return other === undefined
    ? null
    : { seq: other.seq, says: `This is the redirect_uri of authorization request ${other.seq}.` };
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

/** A client without a token, or with nothing to redeem, was denied before. */
function denialOf(exchange: Exchange, before: readonly Exchange[]): Related | null {
  const comesWithNothing =
    exchange.reason === 'token-absent' ||
    (exchange.endpoint === 'token' && (exchange.response?.status ?? 0) >= 400 && !formOf(exchange).get('code'));
  if (!comesWithNothing) return null;
  const isSame = ({ client }: Exchange): boolean =>
    exchange.client.clientId === null || client.clientId === null || client.clientId === exchange.client.clientId;
  const last = before.findLast(
    (one) => isSame(one) && (redirectOf(one)?.parameters.has('error') || redirectOf(one)?.parameters.has('code')),
  );
  const error = last && redirectOf(last)?.parameters.get('error');
  return last && error
    ? { seq: last.seq, says: `Exchange ${last.seq} ended the authorization with ${error}: there is nothing to redeem.` }
    : null;
}
