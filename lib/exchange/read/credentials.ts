/** Who asks, and by which token: what a request shows of its client. */
import { withoutTrailing } from '#lib/spec/trailing.ts';
import { fromBase64url } from '../encoding.ts';
import type { Exchange } from '../types.ts';
import {
  headerOf,
  type JsonObject,
  jsonOf,
  ownMember,
  parameterOf,
  parseObject,
  scalar,
  type WithMessages,
  type WithRequest,
} from './message.ts';

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
      fromBase64url(withoutTrailing(encoded, '=').replaceAll('+', '-').replaceAll('/', '_')),
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

const MCP_ENDPOINTS: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth']);

/**
 * The `client_id` that the client names itself: parameter, HTTP Basic, or the answer to a registration; null if none
 * does. A call of an MCP server names nobody but by its token: what else it carries is for a gateway on the way, or for
 * the tool. What the server established is `exchange.client.clientId`.
 */
export function namedClientOf(exchange: WithMessages & Pick<Exchange, 'endpoint'>): string | null {
  if (MCP_ENDPOINTS.has(exchange.endpoint)) return null;
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
