/** JSON-RPC, in the body or as events: what MCP asks and answers. */
import type { HttpResponse } from '../types.ts';
import {
  headerOf,
  isObject,
  json,
  type JsonObject,
  jsonOf,
  mediaTypeOf,
  once,
  parseObject,
  scalar,
  type WithMessages,
  type WithRequest,
} from './message.ts';

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
