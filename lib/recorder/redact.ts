/**
 * Secrets in exchanges. Some are never kept ({@link scrub}): passwords, cookies, control tokens, headers that the
 * record does not know. The others are kept for the holder of the control token and masked for everybody else
 * ({@link redact}); equal values get equal masks, so that a value can still be followed.
 */
import { createHash, createHmac } from 'node:crypto';
import { isKept, NOT_KEPT, notKept } from '#lib/exchange/kept.ts';
import { basicOf, mediaTypeOf, parametersOf } from '#lib/exchange/read.ts';
import {
  type Did,
  type Exchange,
  type Headers,
  type HttpMessage,
  isChange,
  type LedgerEntry,
} from '#lib/exchange/types.ts';
import {
  type Meter,
  type Replace,
  replaceInValue,
  replaceWords,
  rewriteEvents,
  rewriteForm,
  rewriteJson,
  rewritePage,
  rewriteUrl,
} from './rewrite.ts';
import { rewriteText } from './rewrite-text.ts';

/** Parameters and members that are never kept. */
const NEVER: ReadonlySet<string> = new Set(['control_token', 'password', 'auto_approve_password']);

/** Parameters and members that are masked. */
const SECRET: ReadonlySet<string> = new Set([
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'token',
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'actor_token',
  'device_code',
  'user_code',
  'registration_access_token',
  'request_uri',
  'interaction',
  'ticket',
]);

/** Members of a configuration that are as good as a secret. */
const SETTINGS: ReadonlySet<string> = new Set([
  'bearer.tokens',
  'tokens',
  'secret',
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'k',
]);

/** Request headers that the record knows, beside those of MCP and of fetch metadata. */
const KNOWN: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'access-control-request-headers',
  'access-control-request-method',
  'access-control-request-private-network',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'dnt',
  'dpop',
  'expect',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'keep-alive',
  'last-event-id',
  'origin',
  'pragma',
  'priority',
  'range',
  'referer',
  'te',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-correlation-id',
  'x-request-id',
  'x-requested-with',
]);

const isKnown = (name: string): boolean => KNOWN.has(name) || name.startsWith('mcp-') || name.startsWith('sec-');

/** A request header as it is kept; null if nothing of it is. */
function keptHeader(name: string, value: string, controlTokenHash: string | null): string | null {
  if (!isKnown(name)) return notKept(value.length);
  if (name === 'cookie') return ownCookie(value);
  if (name === 'authorization') return keptAuthorization(value, controlTokenHash);
  if (name === 'referer') return rewriteUrl(value, never);
  return value;
}

/** Our own cookie as a mark. What other sites under the same domain have set is no business of the record. */
function ownCookie(value: string): string | null {
  const own = value
    .split(';')
    .map((pair) => pair.trim().split('=', 1)[0]!)
    .filter((name) => name === 'authwalk' || name === '__Host-authwalk');
  return own.length === 0 ? null : own.map((name) => `${name}=${NOT_KEPT}`).join('; ');
}

function keptAuthorization(value: string, controlTokenHash: string | null): string {
  const space = value.indexOf(' ');
  const scheme = space < 0 ? value : value.slice(0, space);
  if (!/^(?:basic|bearer|dpop)$/i.test(scheme)) return notKept(value.length);
  const token = value.slice(scheme.length).trim();
  const isControl =
    controlTokenHash !== null && createHash('sha256').update(token).digest('base64url') === controlTokenHash;
  return isControl ? `${scheme} ${NOT_KEPT}` : value;
}

const never: Replace = (name, value) => (value !== '' && NEVER.has(name) ? NOT_KEPT : null);

/**
 * Takes out what is never kept.
 * @param controlTokenHash SHA-256 of the sandbox's control token, base64url
 */
export function scrub(exchange: Exchange, controlTokenHash: string | null): Exchange {
  const request = {
    ...exchange.request,
    url: rewriteUrl(exchange.request.url, never),
    headers: exchange.request.headers.flatMap(([name, value]) => {
      const kept = keptHeader(name.toLowerCase(), value, controlTokenHash);
      return kept === null ? [] : [[name, kept] as const];
    }),
    body: rewriteBody(exchange.request, never),
  };
  const response = exchange.response && {
    ...exchange.response,
    headers: exchange.response.headers.map(([name, value]) => {
      const lower = name.toLowerCase();
      if (lower === 'set-cookie') return [name, value.replace(/=[^;]*/, `=${NOT_KEPT}`)] as const;
      return [name, lower === 'location' ? rewriteUrl(value, never) : value] as const;
    }),
    body: rewriteBody(exchange.response, never),
  };
  const same = request.url === exchange.request.url && request.body === exchange.request.body;
  return { ...exchange, request, response, parameters: same ? exchange.parameters : parametersOf({ request }) };
}

/** What is done again when a run is replayed, without what is never kept. Keys of the owner are not kept at all. */
export function scrubDid(did: Did): Did | null {
  if (did.path.startsWith('/keys') && did.method === 'PUT') return null;
  return JSON.parse(rewriteJson(JSON.stringify(did), never)) as Did;
}

function rewriteBody(message: HttpMessage, replace: Replace, meter?: Meter): string | null {
  const { body } = message;
  if (body === null || body === '') return body;
  const isRequest = 'url' in message;
  const type = mediaTypeOf(message);
  if (type === 'application/x-www-form-urlencoded') return rewriteForm(body, replace, meter);
  if (type === 'text/event-stream') return rewriteEvents(body, replace, meter);
  if (type.includes('json') || /^\s*[[{]/.test(body.slice(0, 100))) return rewriteJson(body, replace, meter);
  if (type === '' && body.includes('=') && !body.includes('<')) return rewriteForm(body, replace, meter);
  return isRequest ? rewriteText(body, replace, meter) : rewritePage(body, replace, meter);
}

/**
 * Masks the secrets of an exchange. An exchange that cannot be masked is shown without its messages, and never takes
 * the others along.
 * @param salt secret of the sandbox: masks of one sandbox say nothing about values of another
 */
export function redact(exchange: Exchange, salt: string, meter?: Meter): Exchange {
  try {
    return masked(exchange, new Masks(salt, meter), meter);
  } catch {
    return unreadable(exchange);
  }
}

/** An entry without secrets; of a change, what was done is told without its secret values. */
export function redactEntry<T extends LedgerEntry>(entry: T, salt: string): T {
  if (!isChange(entry)) return redact(entry, salt) as T;
  return {
    ...entry,
    ...(entry.did === null ? {} : { did: redactValue(entry.did, salt) }),
    ...(entry.event === undefined ? {} : { event: redactValue(entry.event, salt) }),
  };
}

/** A JSON value without secrets: configuration, faults, the body of a change. */
export function redactValue<T>(value: T, salt: string): T {
  const masks = new Masks(salt);
  const replace: Replace = (name, text) =>
    masks.replace(name, text) ?? (SETTINGS.has(name) && text !== '' && isKept(text) ? masks.mask(name, text) : null);
  return JSON.parse(rewriteJson(JSON.stringify(value), replace)) as T;
}

/** Masks values as {@link redact} does, for texts about exchanges. @param salt secret of the sandbox */
export function masker(salt: string): (value: string) => string {
  const masks = new Masks(salt);
  return (value) => masks.mask('', value);
}

/** The masks of one exchange. */
class Masks {
  readonly names = new Set<string>();
  /** By value; only values long enough to be nobody else's. */
  readonly byValue = new Map<string, string>();
  readonly #salt: string;
  readonly #meter: Meter | undefined;

  constructor(salt: string, meter?: Meter) {
    this.#salt = salt;
    this.#meter = meter;
  }

  mask(name: string, value: string): string {
    this.names.add(name);
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    if (this.#meter) this.#meter.steps += value.length;
    const mask = `masked-${createHmac('sha256', this.#salt).update(value).digest('hex').slice(0, 8)}`;
    if (value.length >= 16) this.byValue.set(value, mask);
    return mask;
  }

  readonly replace: Replace = (name, value) =>
    SECRET.has(name) && value !== '' && isKept(value) && !isErrorNumber(name, value) ? this.mask(name, value) : null;
}

/** `code` of a JSON-RPC error is a number that says what went wrong; no authorization code is as short. */
const isErrorNumber = (name: string, value: string) => name === 'code' && /^-?\d{1,5}$/.test(value);

function masked(exchange: Exchange, masks: Masks, meter?: Meter): Exchange {
  const secret = basicOf(exchange)?.secret;
  if (secret) masks.mask('client_secret', secret);
  // First what names itself as a secret, on both sides; then the same values wherever else they stand.
  const url = rewriteUrl(exchange.request.url, masks.replace, meter);
  const named = {
    request: {
      headers: maskedHeaders(exchange.request.headers, masks),
      body: rewriteBody(exchange.request, masks.replace, meter),
    },
    response: exchange.response && {
      headers: maskedHeaders(exchange.response.headers, masks),
      body: rewriteBody(exchange.response, masks.replace, meter),
    },
  };
  const words = (text: string): string => replaceWords(text, masks.byValue, meter);
  const everywhere = (message: Pick<HttpMessage, 'headers' | 'body'>) => ({
    headers: message.headers.map(([name, value]) => [name, words(value)] as const),
    body: message.body === null ? null : words(message.body),
  });
  const request = { ...exchange.request, ...everywhere(named.request), url: words(url) };
  return {
    ...exchange,
    request,
    response: exchange.response && named.response && { ...exchange.response, ...everywhere(named.response) },
    parameters: parametersOf({ request }),
    evidence: replaceInValue(exchange.evidence, masks.byValue, meter) as Exchange['evidence'],
    between: replaceInValue(exchange.between, masks.byValue, meter) as Exchange['between'],
    fetched: replaceInValue(exchange.fetched, masks.byValue, meter) as Exchange['fetched'],
    redacted: [...masks.names],
  };
}

function maskedHeaders(headers: Headers, masks: Masks): Headers {
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === 'authorization') return [name, maskedAuthorization(value, masks)] as const;
    if (lower === 'mcp-session-id' || lower === 'dpop') return [name, masks.mask(lower, value)] as const;
    if (lower === 'location' || lower === 'referer') return [name, maskedAddress(value, masks)] as const;
    return [name, value] as const;
  });
}

function maskedAuthorization(value: string, masks: Masks): string {
  const space = value.indexOf(' ');
  if (space < 0 || !isKept(value)) return value;
  return `${value.slice(0, space)} ${masks.mask('authorization', value.slice(space + 1).trim())}`;
}

/** The consent page's address is as good as its form: it is masked too. */
function maskedAddress(url: string, masks: Masks): string {
  const hidden = url.replace(
    /(\/consent\/)([^/?#]+)/,
    (_, path: string, id: string) => path + masks.mask('interaction', id),
  );
  return rewriteUrl(hidden, masks.replace);
}

function unreadable(exchange: Exchange): Exchange {
  const { request, response } = exchange;
  return {
    ...exchange,
    request: { ...request, url: request.url.split('?', 1)[0]!, headers: [], body: null },
    response: response && { ...response, headers: [], body: null },
    parameters: {},
    evidence: null,
    between: exchange.between.map(({ evidence: _, ...check }) => check),
    fetched: [],
    redacted: ['everything: this exchange could not be masked'],
  };
}
