/** What a message holds: headers, the parameters of query and form, and JSON. Each is parsed once for each message. */
import type { HttpMessage, HttpRequest, HttpResponse, Json } from '../types.ts';

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
export function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}

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

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const json = once((message: HttpMessage) => parseObject(message.body));

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

export function ownMember(object: JsonObject | null, name: string): unknown {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function scalar(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
