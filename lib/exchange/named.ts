/** What one side of an exchange names: everything that a note can stand beside. */
import { challengesOf, decodeToken, formOf, parseEvents, parseJson, queryOf, redirectOf } from './read.ts';
import type { Exchange } from './types.ts';

export type Side = 'request' | 'response';

/** A JWT in the clear: three parts, the first two of them JSON. */
const JWT = /\beyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*/;

/** The JWT in a text; null if it holds none. */
export const jwtIn = (text: string): string | null => JWT.exec(text)?.[0] ?? null;

/** Names of the claims of the JWT in a text, and of the members of its header; none if it holds no JWT. */
export function claimNames(text: string): readonly string[] {
  const token = jwtIn(text);
  const read = token === null ? null : decodeToken(token);
  return read === null ? [] : [...Object.keys(read.claims), ...Object.keys(read.header)];
}

interface Named {
  /** Status, method, parts of the path; names and values of headers, parameters and members. In lower case. */
  readonly names: ReadonlySet<string>;
  /** Names of the claims of JWTs. */
  readonly claims: ReadonlySet<string>;
}

const NOTHING: Named = { names: new Set(), claims: new Set() };
const known = new WeakMap<object, Named>();

/** What a side of an exchange names. */
export function namedIn(exchange: Exchange, side: Side): Named {
  const message = exchange[side];
  if (message === null) return NOTHING;
  const before = known.get(message);
  if (before !== undefined) return before;
  const found = side === 'request' ? namesOfRequest(exchange) : namesOfResponse(exchange);
  for (const [name, value] of message.headers) found.push(name, value);
  for (const json of [message.body, ...eventsOf(message.body)]) membersInto(found, parseJson(json));
  const made: Named = {
    names: new Set(found.map((one) => one.toLowerCase())),
    claims: new Set(found.flatMap(claimNames)),
  };
  known.set(message, made);
  return made;
}

function namesOfRequest(exchange: Exchange): string[] {
  const path = exchange.request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0]!;
  const parameters = [...queryOf(exchange), ...formOf(exchange)].flat();
  return [exchange.request.method, path, ...path.split('/'), ...parameters];
}

function namesOfResponse(exchange: Exchange): string[] {
  const challenges = challengesOf(exchange).flatMap(({ scheme, parameters }) => [
    scheme,
    ...Object.entries(parameters).flat(),
  ]);
  return [String(exchange.response!.status), ...challenges, ...[...(redirectOf(exchange)?.parameters ?? [])].flat()];
}

function eventsOf(body: string | null): readonly string[] {
  return body !== null && /^(?:event|data|id):/m.test(body) ? parseEvents(body) : [];
}

function membersInto(found: string[], value: unknown): void {
  if (typeof value === 'string') found.push(value);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) found.push(name);
    membersInto(found, member);
  }
}
