/**
 * The older revisions (2025-11-25 and before), which begin with `initialize`, served without
 * sessions: every request gets a server of its own, and nothing is remembered between two.
 *
 * Two kinds of message belong to an exchange that another request began: the client's answer to a
 * question that a running tool asked over its stream, and the cancellation of a running call. They
 * find their exchange in this process, or in another one of the same start. Lost on the way (another
 * instance, a restart) they cost that one call its answer, and nothing else.
 */
import { randomUUID } from 'node:crypto';
import {
  type AuthInfo,
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

import type { Peers } from '#lib/store/news.ts';

/** How a message gets to the server that is at work in another exchange. */
type Deliver = (message: JSONRPCMessage) => void;

interface Crossing {
  /** By the id that a question went out under. */
  readonly answers: Map<string, Deliver>;
  /** By caller and request id; several where callers cannot be told apart. */
  readonly running: Map<string, Set<Deliver>>;
  /** Tells the other processes of this start of a message whose exchange is not here; null: there are none. */
  elsewhere: ((json: unknown, callerKey: string) => void) | null;
}

// Modules can be loaded twice in one process; what crosses is one.
const shared = globalThis as { authwalkMcpCrossing?: Crossing };
shared.authwalkMcpCrossing ??= { answers: new Map(), running: new Map(), elsewhere: null };
const crossing = shared.authwalkMcpCrossing;

/** Tools that speak while they work; all others are answered in one piece of JSON. */
const STREAMS = /^(?:slow|test_.*)$/;

export interface LegacyExchange {
  readonly request: Request;
  readonly json: unknown;
  readonly authInfo?: AuthInfo;
  /** Tells callers apart. */
  readonly callerKey: string;
  readonly tool: string | null;
}

const TOPIC = 'mcp ';

/** Lets messages find their exchange in the other processes of this start. */
export function crossProcesses(peers: Peers): void {
  crossing.elsewhere = (json, callerKey) => peers.tell(TOPIC + JSON.stringify({ json, callerKey }));
  peers.hear((topic) => {
    if (!topic?.startsWith(TOPIC)) return;
    const { json, callerKey } = JSON.parse(topic.slice(TOPIC.length)) as { json: unknown; callerKey: string };
    handOver(json, callerKey, null);
  });
}

/**
 * Hands a message to the exchange that it belongs to.
 * @param elsewhere gets the message if that exchange is not here
 * @returns whether it was such a message
 */
function handOver(json: unknown, callerKey: string, elsewhere = crossing.elsewhere): boolean {
  const message = json as JSONRPCMessage;
  if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
    const id = String(message.id);
    const deliver = crossing.answers.get(id);
    crossing.answers.delete(id);
    if (deliver === undefined) elsewhere?.(json, callerKey);
    else deliver(message);
    return true;
  }
  const note = json as { method?: unknown; params?: { requestId?: unknown } } | null;
  if (note?.method !== 'notifications/cancelled') return false;
  const running = crossing.running.get(`${callerKey} ${JSON.stringify(note.params?.requestId)}`);
  if (running === undefined) elsewhere?.(json, callerKey);
  // Of two that look alike, the wrong one might be stopped.
  if (running?.size === 1) for (const deliver of running) deliver(message);
  return true;
}

/** Sends the server's questions out under ids that no other exchange has, and takes them back in. */
function crossQuestions(transport: WebStandardStreamableHTTPServerTransport, asked: Set<string>): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    if (!isJSONRPCRequest(message)) return send(message, options);
    const id = randomUUID();
    const own = message.id;
    asked.add(id);
    crossing.answers.set(id, (answer) => {
      asked.delete(id);
      transport.onmessage?.({ ...answer, id: own } as JSONRPCMessage);
    });
    return send({ ...message, id }, options);
  };
}

/** Announces the requests of an exchange as running. @returns what takes the announcement back */
function announce(json: unknown, callerKey: string, deliver: Deliver): () => void {
  const ids = (Array.isArray(json) ? json : [json])
    .filter((message) => isJSONRPCRequest(message))
    .map((message) => message.id);
  const keys = ids.map((id) => `${callerKey} ${JSON.stringify(id)}`);
  for (const key of keys) (crossing.running.get(key) ?? crossing.running.set(key, new Set()).get(key)!).add(deliver);
  return () => {
    for (const key of keys) {
      const set = crossing.running.get(key);
      set?.delete(deliver);
      if (set?.size === 0) crossing.running.delete(key);
    }
  };
}

/** The same answer, with `done` called once its body has been read to the end, or was given up. */
function whenRead(response: Response, done: () => void): Response {
  if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
    done();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read();
        if (!ended) return controller.enqueue(value);
        done();
        controller.close();
      } catch (error) {
        done();
        controller.error(error);
      }
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason).catch(() => undefined);
    },
  });
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
}

/**
 * Serves one POST of an older revision.
 * @param create makes the server; not called where the message belongs to another exchange
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
 */
export async function serveLegacy(create: () => McpServer, exchange: LegacyExchange): Promise<Response> {
  const { request, json, authInfo, callerKey, tool } = exchange;
  if (handOver(json, callerKey)) return new Response(null, { status: 202 });

  const server = create();
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: tool === null || !STREAMS.test(tool),
  });
  const asked = new Set<string>();
  crossQuestions(transport, asked);
  await server.connect(transport);
  const retract = announce(json, callerKey, (message) => transport.onmessage?.(message));
  let over = false;
  const finish = () => {
    if (over) return;
    over = true;
    retract();
    for (const id of asked) crossing.answers.delete(id);
    void transport.close().catch(() => undefined);
    void server.close().catch(() => undefined);
  };
  request.signal.addEventListener('abort', finish, { once: true });
  try {
    return whenRead(
      await transport.handleRequest(request, { parsedBody: json, ...(authInfo ? { authInfo } : {}) }),
      finish,
    );
  } catch (error) {
    finish();
    throw error;
  }
}
