/**
 * The language in which data says of which exchanges something is true: a note of the guide, a note on the page of a
 * sandbox. Data in, yes or no out.
 */
import {
  answerOf,
  errorOf,
  headerOf,
  isRefused,
  parameterOf,
  parametersOf,
  redirectOf,
  revisionOf,
  tokenChallengeOf,
  tokenOf,
} from './read.ts';
import { namedIn, type Side } from './named.ts';
import type { Exchange } from './types.ts';

export type { Side };

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Whether a side of an exchange has a header, a parameter or a member of this name. */
export function hasName(exchange: Exchange, side: Side, name: string): boolean {
  if (side === 'request') return headerOf(exchange.request, name) !== null || name in parametersOf(exchange);
  const members = answerOf(exchange) ?? {};
  return (
    headerOf(exchange.response, name) !== null ||
    Object.hasOwn(members, name) ||
    redirectOf(exchange)?.parameters.has(name) === true
  );
}

function hasWords(wanted: unknown, read: (name: string) => unknown): boolean {
  return Object.entries(wanted as Record<string, unknown>).every(([name, words]) => {
    const held = String(read(name) ?? '').split(' ');
    return listOf(words).every((word) => held.includes(String(word)));
  });
}

type Condition = (wanted: unknown, exchange: Exchange) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  /** The endpoint, or one of several. */
  endpoint: (wanted, exchange) => listOf(wanted).includes(exchange.endpoint),
  /** Method of the request, or one of several. */
  method: (wanted, exchange) => listOf(wanted).includes(exchange.request.method),
  /** Status of the answer, or one of several; null: no answer. */
  status: (wanted, exchange) => listOf(wanted).includes(exchange.response?.status ?? null),
  /** Whether the answer refuses. */
  refused: (wanted, exchange) => isRefused(exchange) === wanted,
  /** Error code of the answer, or one of several; null: it has none; true: any. */
  error: (wanted, exchange) =>
    wanted === true ? errorOf(exchange) !== null : listOf(wanted).includes(errorOf(exchange)),
  /** Why the server refused, or one of several reasons. */
  reason: (wanted, exchange) => listOf(wanted).includes(exchange.reason),
  /** The grant that was asked for. */
  grant_type: (wanted, exchange) => listOf(wanted).includes(exchange.grantType),
  /** JSON-RPC method, or one of several. */
  rpc: (wanted, exchange) => listOf(wanted).includes(exchange.rpcMethod),
  /** The tool that was called, or one of several. */
  tool: (wanted, exchange) => listOf(wanted).includes(exchange.tool),
  /** MCP revision of the request, or one of several. */
  revision: (wanted, exchange) => listOf(wanted).includes(revisionOf(exchange)),
  /** Whether an access token was presented. */
  token: (wanted, exchange) => (tokenOf(exchange) !== null) === wanted,
  /** Headers, parameters or members that have to be there. */
  request_has: (wanted, exchange) => listOf(wanted).every((name) => hasName(exchange, 'request', String(name))),
  request_lacks: (wanted, exchange) => !listOf(wanted).some((name) => hasName(exchange, 'request', String(name))),
  response_has: (wanted, exchange) => listOf(wanted).every((name) => hasName(exchange, 'response', String(name))),
  response_lacks: (wanted, exchange) => !listOf(wanted).some((name) => hasName(exchange, 'response', String(name))),
  /** Parameters of the request with their values, or one of several. */
  request_is: (wanted, exchange) =>
    Object.entries(wanted as Record<string, unknown>).every(([name, value]) =>
      listOf(value).includes(parameterOf(exchange, name)),
    ),
  /** Parameters of the request, and words that they have to hold, as `scope` does. */
  request_words: (wanted, exchange) => hasWords(wanted, (name) => parameterOf(exchange, name)),
  /** Members of the answer, and words that they have to hold. */
  response_words: (wanted, exchange) => hasWords(wanted, (name) => answerOf(exchange)?.[name]),
  /** Claims that a JWT of the request, or of the answer, has to have. */
  request_claims: (wanted, exchange) =>
    listOf(wanted).every((name) => namedIn(exchange, 'request').claims.has(String(name))),
  response_claims: (wanted, exchange) =>
    listOf(wanted).every((name) => namedIn(exchange, 'response').claims.has(String(name))),
  /** Whether the answer reached the other end. */
  delivered: (wanted, exchange) => exchange.delivered === wanted,
  /** Whether a fault, a knob, a stage or a patch acted; or a kind of them. */
  acted: (wanted, { acted }) =>
    typeof wanted === 'boolean' ? acted.length > 0 === wanted : acted.some(({ kind }) => kind === wanted),
  /** Where the answer sends the browser: `http`, `https`, or a `private-use` scheme of an app. */
  redirect_to: (wanted, exchange) => {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(redirectOf(exchange)?.href ?? '')?.[1]?.toLowerCase();
    if (scheme === undefined) return false;
    return wanted === 'private-use' ? scheme !== 'http' && scheme !== 'https' : scheme === wanted;
  },
  /** Parameters that the challenge for a token does not have. */
  challenge_lacks: (wanted, exchange) =>
    !listOf(wanted).some((name) => tokenChallengeOf(exchange)?.parameters[String(name)] !== undefined),
  /** Members of the JSON answer with their values. */
  member: (wanted, exchange) =>
    Object.entries(wanted as Record<string, unknown>).every(([name, value]) => answerOf(exchange)?.[name] === value),
};

/** Names of all conditions, for schemas. */
export const conditionNames: readonly string[] = Object.keys(CONDITIONS);

/** Conditions by name; all of them have to hold. */
export type Conditions = Readonly<Record<string, unknown>>;

/** Whether all conditions hold for an exchange; an unknown one never does. */
export function holdsFor(conditions: Conditions, exchange: Exchange): boolean {
  return Object.entries(conditions).every(([name, wanted]) => CONDITIONS[name]?.(wanted, exchange) ?? false);
}
