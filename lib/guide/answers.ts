/**
 * Reading what came back: headers, challenges, JSON, server-sent events, tokens.
 */
import type { Exchange } from '#lib/exchange/types.ts';
import { fromBase64url } from './pkce.ts';

/** The first header of this name, or null. */
export function header(
  message: { readonly headers: Exchange['request']['headers'] } | null,
  name: string,
): string | null {
  return message?.headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? null;
}

/** An object, where the text is one in JSON; else null. */
export function parseObject(text: string | null): Record<string, unknown> | null {
  if (text === null || text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** One challenge of `WWW-Authenticate`. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Reads `WWW-Authenticate`.
 * @see https://datatracker.ietf.org/doc/html/rfc9110#section-11.6.1
 */
export function parseChallenges(text: string | null): Challenge[] {
  if (!text) return [];
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  const token = /([A-Za-z][\w!#$%&'*+.^`|~-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?\s*,?\s*/gy;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const value = match[2]?.replace(/\\(.)/g, '$1') ?? match[3];
    if (value === undefined) found.push({ scheme: match[1]!, parameters: {} });
    else if (found.length > 0) found.at(-1)!.parameters[match[1]!.toLowerCase()] = value;
    if (token.lastIndex >= text.length) break;
  }
  return found;
}

/** The messages in a `text/event-stream` body, each `data` joined. */
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

/** The JSON-RPC answer of an MCP exchange, whether it came as JSON or as events; null where there is none. */
export function rpcAnswer(exchange: Exchange): Record<string, unknown> | null {
  const body = exchange.response?.body ?? null;
  if (body === null) return null;
  if (!(header(exchange.response, 'content-type') ?? '').includes('text/event-stream')) return parseObject(body);
  const messages = parseEvents(body)
    .map(parseObject)
    .filter((message) => message !== null);
  return messages.findLast((message) => 'result' in message || 'error' in message) ?? null;
}

/** Form or query parameters of a request, the last of a name winning. */
export function formOf(exchange: Exchange): Readonly<Record<string, string>> {
  const type = header(exchange.request, 'content-type') ?? '';
  if (!type.includes('x-www-form-urlencoded')) return {};
  return Object.fromEntries(new URLSearchParams(exchange.request.body ?? ''));
}

/** Parameters of a URL's query; empty where it is no URL. */
export function queryOf(url: string): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(new URL(url, 'http://relative.invalid').searchParams);
  } catch {
    return {};
  }
}

/** A JWT's parts, not verified. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signature: string;
  /** The three parts as they stand in the token. */
  readonly parts: readonly [string, string, string];
}

/** Decodes a JWT without believing it; null where it is opaque. */
export function decodeToken(token: string): DecodedToken | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const read = (part: string) => parseObject(new TextDecoder().decode(fromBase64url(part)));
    const [head, claims] = [read(parts[0]!), read(parts[1]!)];
    return head && claims
      ? { header: head, claims, signature: parts[2]!, parts: [parts[0]!, parts[1]!, parts[2]!] }
      : null;
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
 * The error code of an answer, as it stood on the wire: OAuth's, a challenge's, a redirect's or
 * JSON-RPC's. A page for people names none; there the recorder knows it.
 */
export function errorOf(exchange: Exchange): string | null {
  if (exchange.to === 'client') return queryOf(exchange.request.url).error ?? null;
  const response = exchange.response;
  if (!response) return exchange.error;
  // A Bearer challenge speaks for itself, and without an error it means that none was found.
  const challenge = parseChallenges(header(response, 'www-authenticate')).find((entry) =>
    /^(?:bearer|dpop)$/i.test(entry.scheme),
  );
  if (challenge) return challenge.parameters.error ?? null;
  const location = header(response, 'location');
  if (location) {
    const { error } = queryOf(location);
    if (error) return error;
  }
  const body = parseObject(response.body) ?? rpcAnswer(exchange);
  if (typeof body?.error === 'string') return body.error;
  if (typeof body?.error === 'object' && body.error !== null)
    return String((body.error as { code?: unknown }).code ?? '') || null;
  return (header(response, 'content-type') ?? '').includes('html') ? exchange.error : null;
}

/** What the answer says of its error, in words. */
export function errorDescription(exchange: Exchange): string | null {
  const response = exchange.response;
  if (!response) return null;
  const challenge = parseChallenges(header(response, 'www-authenticate')).find(
    (entry) => entry.parameters.error_description,
  );
  if (challenge) return challenge.parameters.error_description!;
  const location = header(response, 'location');
  if (location && queryOf(location).error_description) return queryOf(location).error_description!;
  const body = parseObject(response.body) ?? rpcAnswer(exchange);
  if (typeof body?.error_description === 'string') return body.error_description;
  if (typeof body?.error === 'object' && body.error !== null) {
    const { message } = body.error as { message?: unknown };
    return typeof message === 'string' ? message : null;
  }
  return null;
}
