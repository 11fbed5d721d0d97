/**
 * What an exchange says: the one place where recorded requests and answers are read.
 *
 * Everything here takes hostile text and never throws. What is parsed is parsed once for each message.
 */
import { type Challenge, parseChallenges } from './challenges.ts';
import { fromBase64url } from './encoding.ts';
import type { Exchange, HttpMessage, HttpRequest, HttpResponse, Json } from './types.ts';

/** Enough of an exchange to read its request. */
export type WithRequest = { readonly request: HttpRequest };
/** Enough of an exchange to read both sides. */
export type WithMessages = WithRequest & { readonly response: HttpResponse | null };

export type JsonObject = Readonly<Record<string, unknown>>;

/** Decoded parameters, as `URLSearchParams` reads them. */
export interface Parameters extends Iterable<[string, string]> {
  /** The first of a name; null if there is none. */
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  readonly size: number;
}

const NONE: Parameters = new URLSearchParams();

/** Works a thing out once for each object. */
function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}

// Headers

/** The first header of this name, or null. */
export function headerOf(message: Pick<HttpMessage, 'headers'> | null | undefined, name: string): string | null {
  return message?.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? null;
}

/** The values of all headers of this name, in order. */
export function headersOf(message: Pick<HttpMessage, 'headers'> | null | undefined, name: string): string[] {
  const lower = name.toLowerCase();
  return message?.headers.filter(([known]) => known.toLowerCase() === lower).map(([, value]) => value) ?? [];
}

/** The media type of a message, in lower case and without its parameters; empty if it names none. */
export function mediaTypeOf(message: Pick<HttpMessage, 'headers'> | null): string {
  return (headerOf(message, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

// Parameters

/** The parameters in the query of an address; none if it has no query. */
export function queryOfUrl(url: string): Parameters {
  const [address = ''] = url.split('#', 1);
  const start = address.indexOf('?');
  return start < 0 ? NONE : new URLSearchParams(address.slice(start + 1));
}

const query = once((request: HttpRequest) => queryOfUrl(request.url));

/** The parameters in the query of the request. */
export function queryOf({ request }: WithRequest): Parameters {
  return query(request);
}

const form = once(
  (request: HttpRequest): Parameters =>
    mediaTypeOf(request) === 'application/x-www-form-urlencoded' && request.body !== null
      ? new URLSearchParams(request.body)
      : NONE,
);

/** The parameters in the form-encoded body of the request; none if it is no form. */
export function formOf({ request }: WithRequest): Parameters {
  return form(request);
}

/** A JSON value; undefined if the text is none. */
export function parseJson(text: string | null): unknown {
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object; null if the text is none. */
export function parseObject(text: string | null): JsonObject | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const json = once((message: HttpMessage) => parseObject(message.body));

/** The body of a message as a JSON object, whatever its type says; null if it is none. */
export function jsonOf(message: HttpMessage | null | undefined): JsonObject | null {
  return message ? json(message) : null;
}

const parameters = once((request: HttpRequest): Readonly<Record<string, Json>> => {
  const found = new Map<string, Json[]>();
  const add = (name: string, value: Json): void => {
    const before = found.get(name);
    if (before === undefined) found.set(name, [value]);
    else before.push(value);
  };
  for (const [name, value] of form(request)) add(name, value);
  for (const [name, value] of query(request)) add(name, value);
  if (form(request).size === 0)
    for (const [name, value] of Object.entries(json(request) ?? {})) add(name, value as Json);
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
});

/**
 * Parameters of form, query and JSON body, merged by name, in this order.
 * @returns a list for a name that came more than once
 */
export function parametersOf({ request }: WithRequest): Readonly<Record<string, Json>> {
  return parameters(request);
}

/** A parameter of form, query or JSON body as text, the first that is found; null if there is none. */
export function parameterOf(exchange: WithRequest, name: string): string | null {
  return formOf(exchange).get(name) ?? queryOf(exchange).get(name) ?? scalar(ownMember(jsonOf(exchange.request), name));
}

function ownMember(object: JsonObject | null, name: string): unknown {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
}

function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

// Credentials

/** An access token, as it was presented. */
export interface PresentedToken {
  readonly scheme: 'Bearer' | 'DPoP';
  readonly token: string;
}

/** The token in `Authorization`; null if there is none. @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function tokenOf({ request }: WithRequest): PresentedToken | null {
  const match = /^(bearer|dpop) +(\S+) *$/i.exec(headerOf(request, 'authorization') ?? '');
  return match && { scheme: match[1]!.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token: match[2]! };
}

/**
 * The client credentials in `Authorization: Basic`; null if there are none.
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function basicOf({ request }: WithRequest): { readonly id: string; readonly secret: string } | null {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
  if (encoded === undefined) return null;
  let text: string;
  try {
    text = new TextDecoder().decode(
      fromBase64url(encoded.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')),
    );
  } catch {
    return null;
  }
  const colon = text.indexOf(':');
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      return part;
    }
  };
  return colon < 0
    ? { id: decode(text), secret: '' }
    : { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}

/** A JWT's parts, not verified. */
export interface DecodedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signature: string;
  /** The three parts as they stand in the token. */
  readonly parts: readonly [string, string, string];
}

/** Decodes a JWT without verifying it; null if the token is opaque. */
export function decodeToken(token: string): DecodedToken | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const read = (part: string) => parseObject(new TextDecoder().decode(fromBase64url(part)));
    const [header, claims] = [read(parts[0]!), read(parts[1]!)];
    if (header === null || claims === null) return null;
    return { header, claims, signature: parts[2]!, parts: [parts[0]!, parts[1]!, parts[2]!] };
  } catch {
    return null;
  }
}

/** The audiences of a token, as a list. */
export function audienceOf(token: string): readonly string[] {
  const aud = decodeToken(token)?.claims.aud;
  return Array.isArray(aud) ? aud.map(String) : typeof aud === 'string' ? [aud] : [];
}

/**
 * The `client_id` that the client names itself: parameter, HTTP Basic, or the answer to a registration; null if none
 * does. What the server established is `exchange.client.clientId`.
 */
export function namedClientOf(exchange: WithMessages & Pick<Exchange, 'endpoint'>): string | null {
  const named = parameterOf(exchange, 'client_id') ?? basicOf(exchange)?.id;
  if (named) return named;
  if (exchange.endpoint !== 'register' || exchange.response?.status !== 201) return null;
  return scalar(ownMember(jsonOf(exchange.response), 'client_id'));
}

/** The client that a presented access token claims to be for; the token is not verified. */
export function claimedClientOf(exchange: WithRequest): string | null {
  const presented = tokenOf(exchange);
  const claims = presented && decodeToken(presented.token)?.claims;
  return scalar(claims?.client_id ?? claims?.azp);
}

/** The client an exchange is attributed to, or else the one that it names; null if neither is known. */
export function clientOf(exchange: WithMessages & Pick<Exchange, 'endpoint' | 'client'>): string | null {
  return exchange.client.clientId ?? namedClientOf(exchange) ?? claimedClientOf(exchange);
}

// What was asked, and what came

/** The scopes that the request asks for; null if it has no `scope`. */
export function scopeOf(exchange: WithRequest): readonly string[] | null {
  const sent = formOf(exchange).getAll('scope');
  const all = sent.length > 0 ? sent : queryOf(exchange).getAll('scope');
  const text = all.length > 0 ? all.join(' ') : scalar(ownMember(jsonOf(exchange.request), 'scope'));
  return text === null ? null : text.split(' ').filter((scope) => scope !== '');
}

/** An answer that goes on to another address by way of the browser. */
export interface Redirect {
  /** The address without query and fragment. */
  readonly uri: string;
  /** The whole address; for a form, where it posts to. */
  readonly href: string;
  readonly by: 'query' | 'fragment' | 'form_post';
  readonly parameters: Parameters;
}

const redirect = once((response: HttpResponse): Redirect | null => {
  const location = headerOf(response, 'location');
  if (location !== null) {
    const [uri = ''] = location.split(/[?#]/, 1);
    const hash = location.indexOf('#');
    if (hash >= 0 && location.slice(hash).includes('='))
      return { uri, href: location, by: 'fragment', parameters: new URLSearchParams(location.slice(hash + 1)) };
    return { uri, href: location, by: 'query', parameters: queryOfUrl(location) };
  }
  return formPostOf(response);
});

/**
 * Where the answer sends the browser, by `Location` or by a form that posts itself; null if it stays.
 * @see https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html
 */
export function redirectOf({ response }: { readonly response: HttpResponse | null }): Redirect | null {
  return response && redirect(response);
}

function formPostOf(response: HttpResponse): Redirect | null {
  if (response.body === null || mediaTypeOf(response) !== 'text/html') return null;
  const tag = /<form\b[^<>]*>/i.exec(response.body)?.[0];
  if (tag === undefined || !/\bmethod="?post"?/i.test(tag)) return null;
  const href = attribute(tag, 'action');
  if (href === null || !/^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  const fields = [...response.body.matchAll(/<input\b[^<>]*>/gi)]
    .map(([field]) => [attribute(field, 'name'), attribute(field, 'value') ?? ''] as const)
    .filter((field): field is readonly [string, string] => field[0] !== null);
  return {
    uri: href.split(/[?#]/, 1)[0]!,
    href,
    by: 'form_post',
    parameters: new URLSearchParams(fields.map((field) => [...field])),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replace(/&(#?\w+);/g, (whole, entity: string) => ENTITIES[entity.toLowerCase()] ?? whole) ?? null;
}

const challenges = once((response: HttpResponse) =>
  headersOf(response, 'www-authenticate').flatMap((value) => parseChallenges(value)),
);

/** The challenges of the answer's `WWW-Authenticate`, in order. */
export function challengesOf({ response }: { readonly response: HttpResponse | null }): readonly Challenge[] {
  return response ? challenges(response) : [];
}

/** The challenge that asks for an access token; null if there is none. */
export function tokenChallengeOf(exchange: { readonly response: HttpResponse | null }): Challenge | null {
  return challengesOf(exchange).find(({ scheme }) => /^(?:bearer|dpop)$/i.test(scheme)) ?? null;
}

/** The consent page that an answer leads to, or that a form belongs to: the id in its address; null if none. */
export function interactionOf(exchange: WithMessages): string | null {
  const inForm = formOf(exchange).get('interaction');
  if (inForm) return inForm;
  return /\/consent\/([\w.~-]+)/.exec(headerOf(exchange.response, 'location') ?? '')?.[1] ?? null;
}

// JSON-RPC

/** A JSON-RPC request. */
export interface RpcRequest {
  readonly method: string;
  readonly id: unknown;
  readonly params: JsonObject;
  /** Name of the tool, for `tools/call`. */
  readonly tool: string | null;
}

/** The JSON-RPC request in the body; null if it is none. */
export function rpcOf({ request }: WithRequest): RpcRequest | null {
  const body = jsonOf(request);
  if (body === null || typeof body.method !== 'string') return null;
  const params = isObject(body.params) ? body.params : {};
  const tool = body.method === 'tools/call' && typeof params.name === 'string' ? params.name : null;
  return { method: body.method, id: body.id ?? null, params, tool };
}

/** The `data` of the events in a `text/event-stream` body. */
export function parseEvents(text: string): string[] {
  return text
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((block) =>
      block
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '');
}

const answer = once((response: HttpResponse): JsonObject | null => {
  if (response.body === null || mediaTypeOf(response) !== 'text/event-stream') return json(response);
  const messages = parseEvents(response.body)
    .map(parseObject)
    .filter((one) => one !== null);
  return messages.findLast((one) => 'result' in one || 'error' in one) ?? null;
});

/** The JSON answer, whether it came as JSON or as the last answer in an event stream; null if there is none. */
export function answerOf({ response }: { readonly response: HttpResponse | null }): JsonObject | null {
  return response && answer(response);
}

/** The result of a tool call; null if the exchange is none, or the call has no result. */
export function toolResultOf(exchange: WithMessages): JsonObject | null {
  if (rpcOf(exchange)?.method !== 'tools/call') return null;
  const result = answerOf(exchange)?.result;
  return isObject(result) ? result : null;
}

/** The protocol revision that an MCP request names: header, `_meta`, or the parameter of `initialize`. */
export function revisionOf(exchange: WithRequest): string | null {
  const named = headerOf(exchange.request, 'mcp-protocol-version');
  if (named !== null) return named;
  const params = rpcOf(exchange)?.params;
  const meta = params?._meta;
  return scalar(
    (isObject(meta) ? meta['io.modelcontextprotocol/protocolVersion'] : undefined) ?? params?.protocolVersion,
  );
}

// Errors

/**
 * The error code on the wire: of a challenge, of a redirect, of OAuth or of JSON-RPC; null if the answer has none.
 * A page for people carries no code: there the recorder knows it.
 */
export function errorOf(exchange: WithMessages & Pick<Exchange, 'error' | 'to'>): string | null {
  if (exchange.to === 'client') return queryOf(exchange).get('error');
  const { response } = exchange;
  if (response === null) return exchange.error;
  // A challenge without `error` means that no credentials were found: the body adds nothing to that.
  const challenge = tokenChallengeOf(exchange);
  if (challenge) return challenge.parameters.error ?? null;
  const redirected = redirectOf(exchange)?.parameters.get('error');
  if (redirected) return redirected;
  const error = answerOf(exchange)?.error;
  if (typeof error === 'string') return error;
  if (isObject(error)) return scalar(error.code);
  return mediaTypeOf(response) === 'text/html' ? exchange.error : null;
}

/** The words that an error came with; null if there are none. */
export function errorDescriptionOf(exchange: WithMessages): string | null {
  const challenge = challengesOf(exchange).find(({ parameters: { error_description } }) => error_description);
  if (challenge) return challenge.parameters.error_description!;
  const redirected = redirectOf(exchange)?.parameters.get('error_description');
  if (redirected) return redirected;
  const body = answerOf(exchange);
  if (typeof body?.error_description === 'string') return body.error_description;
  return isObject(body?.error) && typeof body.error.message === 'string' ? body.error.message : null;
}

/** Whether the answer refuses: no answer, a status of 400 and above, or a redirect with an error. */
export function isRefused(exchange: WithMessages): boolean {
  const status = exchange.response?.status ?? 0;
  return status === 0 || status >= 400 || Boolean(redirectOf(exchange)?.parameters.get('error'));
}

// Steps

/** The steps of an authorization, from the first refusal to the end of what was granted. */
export type Step =
  | 'challenge'
  | 'discovery'
  | 'registration'
  | 'authorization'
  | 'device'
  | 'token'
  | 'call'
  | 'refresh'
  | 'introspection'
  | 'revocation'
  | 'logout';

const STEPS: Readonly<Record<string, Step>> = {
  prm: 'discovery',
  'as-metadata': 'discovery',
  jwks: 'discovery',
  register: 'registration',
  registration: 'registration',
  par: 'authorization',
  authorize: 'authorization',
  consent: 'authorization',
  device: 'device',
  activate: 'device',
  introspect: 'introspection',
  revoke: 'revocation',
  logout: 'logout',
};

const RESOURCES: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth', 'resource', 'admin-resource', 'userinfo']);

/** The step that an exchange belongs to; null if it is beside the way. */
export function stepOf(exchange: WithMessages & Pick<Exchange, 'endpoint'>): Step | null {
  const { endpoint, request, response } = exchange;
  if (request.method === 'OPTIONS') return null;
  if (endpoint === 'token') return formOf(exchange).get('grant_type') === 'refresh_token' ? 'refresh' : 'token';
  if (!RESOURCES.has(endpoint)) return STEPS[endpoint] ?? null;
  return response?.status === 401 && headerOf(request, 'authorization') === null ? 'challenge' : 'call';
}

/** The trace id of a `traceparent` header; null if there is none. @see https://www.w3.org/TR/trace-context/ */
export function traceIdOf({ request }: WithRequest): string | null {
  const match = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/.exec(
    headerOf(request, 'traceparent') ?? '',
  );
  return match?.[1] ?? null;
}

/**
 * How long the code lives that this exchange made, in seconds, as the server recorded it; null if it made none.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.2
 */
export function codeLifetimeOf(exchange: Pick<Exchange, 'between'>): number | null {
  const lives = exchange.between.find(({ check }) => check === 'code-made')?.evidence?.lives;
  return typeof lives === 'number' ? lives : null;
}
