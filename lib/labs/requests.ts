/** The requests of a lab, from its data and from what their sender holds. */
import { queryOfUrl } from '#lib/exchange/read.ts';
import { type Prepared, toJson, withQuery } from '#lib/guide/prepare.ts';
import type { RequestParts } from './types.ts';

/** What somebody holds, by name. */
export type Values = Readonly<Record<string, string>>;

const NAME = /\{([a-z][a-z0-9_]*)\}/g;

/** Fills a template; a name that is not held stays as `{name}`. */
export function fillWith(template: string, values: Values): string {
  return template.replace(NAME, (whole, name: string) => values[name] ?? whole);
}

/** Fills every string in a JSON value. */
export function fillAll(node: unknown, values: Values): unknown {
  if (typeof node === 'string') return fillWith(node, values);
  if (Array.isArray(node)) return node.map((item) => fillAll(item, values));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, fillAll(inner, values)]));
  return node;
}

/** Names in a JSON value's strings, once each. */
export function namesIn(node: unknown): string[] {
  return [...new Set([...JSON.stringify(node ?? '').matchAll(NAME)].map((match) => match[1]!))];
}

const REVISION = '2026-07-28';

/** The JSON-RPC message of a tool call. */
function toolCall(tool: NonNullable<RequestParts['tool']>, values: Values): unknown {
  return {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name: tool.name,
      arguments: fillAll(tool.arguments ?? {}, values),
      _meta: {
        'io.modelcontextprotocol/protocolVersion': REVISION,
        'io.modelcontextprotocol/clientInfo': { name: 'The Authwalk lab', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
}

/** A request without the parameters and headers that the defence would bring. */
export function without(parts: RequestParts, names: readonly string[]): RequestParts {
  const left = (record: Readonly<Record<string, string>> | undefined) =>
    record && Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
  const [query, form, headers] = [left(parts.query), left(parts.form), left(parts.headers)];
  return { ...parts, ...(query && { query }), ...(form && { form }), ...(headers && { headers }) };
}

/**
 * The request as it is sent.
 * @param values what its sender holds; names that are not among them stand in `missing`
 */
export function requestOf(parts: RequestParts, values: Values): Prepared {
  const fill = (record: Readonly<Record<string, string>> | undefined): [string, string][] =>
    Object.entries(record ?? {}).map(([name, value]) => [name, fillWith(value, values)]);
  const body = parts.tool
    ? toJson(toolCall(parts.tool, values))
    : parts.json
      ? toJson(fillAll(parts.json, values))
      : parts.form
        ? new URLSearchParams(fill(parts.form)).toString()
        : null;
  const headers: [string, string][] = parts.tool
    ? [
        ['Content-Type', 'application/json'],
        ['Accept', 'application/json, text/event-stream'],
        ['MCP-Protocol-Version', REVISION],
        ['Mcp-Method', 'tools/call'],
        ['Mcp-Name', parts.tool.name],
      ]
    : parts.json
      ? [['Content-Type', 'application/json']]
      : parts.form
        ? [['Content-Type', 'application/x-www-form-urlencoded']]
        : [];
  const names = namesIn(parts);
  return {
    method: parts.method,
    url: withQuery(fillWith(parts.url, values), fill(parts.query)),
    headers: [...headers, ...fill(parts.headers)],
    body,
    used: Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]!]]))),
    missing: names.filter((name) => values[name] === undefined),
  };
}

/** What a redirect carries, by name. */
export function carriedBy(location: string | null): Record<string, string> {
  if (location === null) return {};
  const query = queryOfUrl(location);
  return Object.fromEntries(
    ['code', 'state', 'iss', 'error'].flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}
