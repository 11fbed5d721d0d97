/**
 * What a POST to an MCP server asks for, read before the server is called: the door has to know
 * the operation, and whether headers and body agree on it.
 */
import { classifyInboundRequest, CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { check } from '#lib/oauth/checks/check.ts';
import type { Context, HeaderReader, ParsedBody } from '#lib/oauth/context.ts';
import { headersMatch } from './checks/headers-match.ts';
import { message } from './checks/message.ts';
import type { RpcRefusal } from './checks/refusal.ts';
import type { RpcId } from './refusals.ts';
import type { Operation } from './scopes.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** One request's body, understood as far as the door needs it. */
export interface RpcBody {
  /** The parsed body, with what may be left out filled in; undefined if it is no JSON. */
  readonly json: unknown;
  /** What it asks for; several in a batch of the older revisions, none for answers and nonsense. */
  readonly operations: readonly Operation[];
  /** Id to repeat in an error. */
  readonly id: RpcId;
  /** Whether it speaks the stateless revisions (2026-07-28 and later). */
  readonly stateless: boolean;
  /** What the client calls itself, where it says so: cut, and without control characters. */
  readonly clientName: string | null;
}

/** JSON-RPC code of a header that is missing or says something else than the body. */
const HEADER_MISMATCH = -32020;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function operationOf(message: unknown): Operation[] {
  if (!isObject(message) || typeof message.method !== 'string') return [];
  const params = isObject(message.params) ? message.params : {};
  const tool = message.method === 'tools/call' && typeof params.name === 'string' ? params.name : null;
  return [{ method: message.method, tool }];
}

/** A call without `arguments` means no arguments: `{}`. */
function withArguments(message: unknown): unknown {
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return message;
  if (message.params.arguments !== undefined && message.params.arguments !== null) return message;
  return { ...message, params: { ...message.params, arguments: {} } };
}

function idOf(message: unknown): RpcId {
  if (!isObject(message) || typeof message.method !== 'string') return null;
  return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : null;
}

/** `clientInfo.name`, of the envelope or of `initialize`. */
function clientNameOf(params: JsonObject): string | null {
  const meta = isObject(params._meta) ? params._meta : {};
  const info = meta[CLIENT_INFO_META_KEY] ?? params.clientInfo;
  if (!isObject(info) || typeof info.name !== 'string') return null;
  return (
    info.name
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
      .slice(0, 80) || null
  );
}

/** Reads the body of a POST. Never throws: what is no JSON-RPC has no operations. */
export function readRpc(body: ParsedBody): RpcBody {
  let json: unknown = body.json;
  if (json === undefined && body.text !== '') {
    try {
      json = JSON.parse(body.text);
    } catch {
      json = undefined;
    }
  }
  const messages: readonly unknown[] = Array.isArray(json) ? json : [json];
  const params = isObject(json) && isObject(json.params) ? json.params : {};
  return {
    json: Array.isArray(json) ? json.map(withArguments) : withArguments(json),
    operations: messages.flatMap(operationOf),
    id: Array.isArray(json) ? null : idOf(json),
    stateless: isObject(params._meta) && Object.hasOwn(params._meta, PROTOCOL_VERSION_META_KEY),
    clientName: clientNameOf(params),
  };
}

/** Which member of `params` the header `Mcp-Name` repeats. */
const NAMED_BY: Readonly<Record<string, 'name' | 'uri'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** A header value as its sender meant it: plain, or `=?base64?…?=`; undefined if that is broken. */
function decodeHeader(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/i.exec(value.trim());
  if (!encoded) return value.trim();
  const text = encoded[1]!;
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}

function mismatch(header: string, got: string | null, expected: unknown): RpcRefusal {
  const message =
    got === null
      ? `Header mismatch: the ${header} header is missing, and the body says ${JSON.stringify(expected)}.`
      : `Header mismatch: the ${header} header says ${JSON.stringify(got)}, and the body ${JSON.stringify(expected)}.`;
  return {
    status: 400,
    code: HEADER_MISMATCH,
    message,
    data: { header, expected, ...(got === null ? {} : { got }) },
    evidence: { header, expected, got },
  };
}

/**
 * Compares the headers of a request of the stateless revisions with its body. A gateway routes and
 * allows by the headers; a server that ran the body without looking would run something else.
 * @returns the disagreement, or null; null also for the older revisions, which have no such headers
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
 */
function headerMismatch(headers: HeaderReader, rpc: RpcBody): RpcRefusal | null {
  if (!rpc.stateless || !isObject(rpc.json) || typeof rpc.json.method !== 'string' || !Object.hasOwn(rpc.json, 'id'))
    return null;
  const params = rpc.json.params as JsonObject;
  const versionSaid = (params._meta as JsonObject)[PROTOCOL_VERSION_META_KEY];
  const version = headers.get('mcp-protocol-version');
  if (version === null || version.trim() !== versionSaid) return mismatch('MCP-Protocol-Version', version, versionSaid);
  const method = headers.get('mcp-method');
  if (method === null || method.trim() !== rpc.json.method) return mismatch('Mcp-Method', method, rpc.json.method);
  const member = NAMED_BY[rpc.json.method];
  const named = member === undefined ? undefined : params[member];
  if (member === undefined || typeof named !== 'string') return null;
  const name = headers.get('mcp-name');
  if (name === null || decodeHeader(name) !== named) return mismatch('Mcp-Name', name, named);
  return null;
}

/** Which way a request is served: by the stateless revisions, or by the older ones that begin with `initialize`. */
export type Era = 'modern' | 'legacy';

/**
 * Decides by the body, as the SDK does, whether a request speaks the stateless revisions or the older ones; and finds
 * what the transport itself refuses, before any operation is looked at.
 * @param versions the revisions that are spoken here (knob `mcp.versions`)
 * @throws RpcRefused
 */
export function route({ request: { headers }, trace }: Context, rpc: RpcBody, versions: readonly string[]): Era {
  const refusal = unreadable(rpc) ?? batchRefusal(headers, rpc.json, versions);
  if (refusal !== null) check(trace, message, refusal);
  const spoken = versions.includes(STATELESS);
  if (rpc.stateless && spoken) check(trace, headersMatch, headerMismatch(headers, rpc));
  // A server of the older revisions knows nothing of the envelope, and refuses the version in its own words.
  if (rpc.stateless && !spoken) return 'legacy';
  const header = (name: string) => headers.get(name) ?? undefined;
  const outcome = classifyInboundRequest({
    httpMethod: 'POST',
    body: rpc.json,
    protocolVersionHeader: header('mcp-protocol-version'),
    mcpMethodHeader: header('mcp-method'),
    mcpNameHeader: header('mcp-name'),
  });
  check(trace, message, outcome.kind === 'reject' ? rejected(outcome) : null);
  return outcome.kind as Era;
}

/** The revision without sessions. */
const STATELESS = '2026-07-28';

/** Revisions in which several messages may come in one body; the next one took batches out again. */
const WITH_BATCHES: readonly string[] = ['2024-11-05', '2025-03-26'];

function unreadable({ json }: RpcBody): RpcRefusal | null {
  if (json !== undefined) return null;
  return {
    status: 400,
    code: -32700,
    message: 'Parse error: the body is not JSON.',
    evidence: { expected: 'JSON', got: 'not JSON' },
  };
}

/**
 * Why a batch is refused: the revision has none, or it is empty.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/changelog "Remove support for JSON-RPC batching"
 */
function batchRefusal(headers: HeaderReader, json: unknown, versions: readonly string[]): RpcRefusal | null {
  if (!Array.isArray(json)) return null;
  // Without the header a server assumes 2025-03-26, the last revision that did not send it.
  const version = headers.get('mcp-protocol-version')?.trim() ?? '2025-03-26';
  const allowed = WITH_BATCHES.includes(version) && versions.includes(version);
  if (allowed && json.length > 0) return null;
  return {
    status: 400,
    code: -32600,
    message: allowed
      ? 'Invalid request: the batch is empty.'
      : `Invalid request: revision ${version.slice(0, 40)} of MCP has no batches; send one message in a body.`,
    evidence: { expected: 'one message', got: `a batch of ${json.length}`, version: version.slice(0, 40) },
  };
}

function rejected(outcome: Extract<ReturnType<typeof classifyInboundRequest>, { kind: 'reject' }>): RpcRefusal {
  return {
    status: outcome.httpStatus,
    code: outcome.code,
    message: outcome.message,
    data: outcome.data,
    evidence: { rule: outcome.cell },
  };
}
