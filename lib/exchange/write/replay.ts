/** Which requests of a recorded run can be sent again, and which values their answers bring. */
import { isKept, NOT_KEPT } from '../kept.ts';
import { basicOf, formOf, headerOf, interactionOf, jsonOf, parameterOf, redirectOf, tokenOf } from '../read.ts';
import type { Exchange } from '../types.ts';

/** Members of answers that are new in each run. */
const MADE = [
  'client_id',
  'client_secret',
  'registration_access_token',
  'access_token',
  'refresh_token',
  'id_token',
  'device_code',
  'user_code',
  'request_uri',
] as const;

/** Reasons for which a value that nobody knows is refused. */
const UNKNOWN: ReadonlySet<string> = new Set([
  'client-unknown',
  'code-unknown',
  'refresh-unknown',
  'request-uri-unknown',
  'device-code-unknown',
  'user-code-unknown',
]);

/** A value that an answer brings, and the expression that reads it from there. */
export interface Made {
  readonly name: string;
  readonly text: string;
  /** @param answer name of the variable that holds the answer */
  readonly from: (answer: string) => string;
}

/** What an answer made: members of its JSON, parameters of its redirect, its MCP session. */
export function madeBy(exchange: Exchange): Made[] {
  const { response } = exchange;
  const found: Made[] = [];
  if (response === null) return found;
  const add = (name: string, text: string | null | undefined, from: Made['from']): void => {
    if (text && text.length >= 6) found.push({ name, text, from });
  };
  const location = `headers().location ?? ''`;
  const redirect = redirectOf(exchange);
  if (redirect !== null && redirect.by === 'query' && URL.canParse(redirect.href))
    add(
      'code',
      redirect.parameters.get('code'),
      (answer) => `new URL(${answer}.${location}).searchParams.get('code') ?? ''`,
    );
  if (headerOf(response, 'location') !== null && !formOf(exchange).has('interaction'))
    add('interaction', interactionOf(exchange), (answer) => `(${answer}.${location}).split('/').at(-1) ?? ''`);
  add('session', headerOf(response, 'mcp-session-id'), (answer) => `${answer}.headers()['mcp-session-id'] ?? ''`);
  const json = response.truncatedFrom === undefined && exchange.endpoint !== 'mcp' ? jsonOf(response) : null;
  for (const name of MADE) {
    const text = json?.[name];
    if (typeof text === 'string')
      add(name, text, (answer) => `String(((await ${answer}.json()) as Record<string, unknown>).${name})`);
  }
  return found;
}

/** Values that a request takes from earlier answers: without them it cannot be what it was. */
function neededBy(exchange: Exchange): string[] {
  const form = formOf(exchange);
  const basic = basicOf(exchange);
  return [
    parameterOf(exchange, 'client_id'),
    basic?.id,
    basic?.secret,
    tokenOf(exchange)?.token,
    headerOf(exchange.request, 'mcp-session-id'),
    ...['client_secret', 'refresh_token', 'device_code', 'interaction', 'request_uri'].map((name) => form.get(name)),
    exchange.endpoint === 'token' ? form.get('code') : null,
    exchange.endpoint === 'revoke' || exchange.endpoint === 'introspect' ? form.get('token') : null,
    parameterOf(exchange, 'user_code'),
  ].filter((value) => value !== null && value !== undefined && value !== '' && isKept(value)) as string[];
}

/**
 * Why a request cannot be sent again as it was; null if it can.
 * @param knows whether a value is known in the program by now
 * @param origin where the run was recorded
 */
export function whyNotReplayed(exchange: Exchange, knows: (value: string) => boolean, origin: string): string | null {
  const { request, response, reason } = exchange;
  if (request.truncatedFrom !== undefined) return 'its body was recorded in part.';
  if (headerOf(request, 'dpop') !== null) return 'its DPoP proof is good once.';
  const form = formOf(exchange);
  if (form.has('client_assertion') || form.has('assertion') || form.has('subject_token'))
    return 'its assertion is good once.';
  const refused = (response?.status ?? 0) >= 400;
  if (reason === 'password-wrong' || (form.get('password') === NOT_KEPT && refused))
    return 'its password is not recorded.';
  if (reason === 'interaction-foreign' || reason === 'origin-refused' || reason === 'host-refused')
    return 'only the browser of the run sends what it was refused for.';
  const clientId = parameterOf(exchange, 'client_id');
  if (clientId !== null && /^https?:\/\//.test(clientId) && !clientId.startsWith(`${origin}/`))
    return 'its client is a document on another host.';
  const missing = neededBy(exchange).some((value) => !knows(value));
  // What was refused because it is unknown, is unknown again.
  const isUnknown = response?.status === 401 || UNKNOWN.has(reason ?? '');
  if (missing && !isUnknown) return 'it uses a value from before the first exchange that was kept.';
  return null;
}

/** Whether a browser sent it, whose cookies count. */
export function isOfBrowser({ request }: Exchange): boolean {
  return headerOf(request, 'cookie') !== null || headerOf(request, 'sec-fetch-mode') === 'navigate';
}
