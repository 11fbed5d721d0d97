/**
 * Hands an answer to the socket: a whole body at once, past the machinery of streams; a stream as fast as the
 * other side takes it.
 */
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import type { Writable } from 'node:stream';
import { JsonAnswer } from '#lib/oauth/answer.ts';
import type { Bindings } from './parts.ts';

/** Hears the chunks of a body that streams. */
export interface BodyListener {
  hear(chunk: Uint8Array): void;
  /** To be awaited before the last byte leaves. */
  ended(): Promise<void>;
}

/** A body that is known as text: headers and text leave in one piece, and nobody makes bytes of it before. */
export interface TextBody {
  readonly text: string;
  /** Its length in UTF-8. */
  readonly length: number;
}

/** An answer, ready to leave: its body as text or in bytes, unless it streams. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, as the socket takes them. */
  readonly headers: readonly string[];
  readonly body: TextBody | Uint8Array | null | 'stream';
}

/** Statuses that have no body. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * Reads an answer; a body that may go on for long stays a stream.
 * @param method of the request: an answer to HEAD has no body
 * @param staysOpen whether a fault keeps the answer open, so that it is not read to its end
 */
export function readAnswer(response: Response, method: string, staysOpen = false): Answer | Promise<Answer> {
  const { status } = response;
  if (response instanceof JsonAnswer && !staysOpen && method !== 'HEAD') {
    const text = response.content;
    return { status, headers: response.headers.list, body: { text, length: Buffer.byteLength(text) } };
  }
  const headers: string[] = [];
  for (const [name, value] of response.headers) headers.push(name, value);
  if (response.body === null || BODILESS.has(status)) return { status, headers, body: null };
  if (method === 'HEAD') {
    void response.body.cancel().catch(() => undefined);
    return { status, headers, body: null };
  }
  const type = (response.headers.get('content-type') ?? '').toLowerCase();
  if (staysOpen || type.startsWith('text/event-stream') || (!type.includes('json') && !type.startsWith('text/')))
    return { status, headers, body: 'stream' };
  return response.arrayBuffer().then((bytes) => ({ status, headers, body: new Uint8Array(bytes) }));
}

/**
 * Sends an answer: to the socket if there is one, else as a response.
 * @param response that the answer was read from; its body is used if it streams
 */
export function deliver(
  env: Bindings,
  method: string,
  answer: Answer,
  response: Response,
  listener: BodyListener | null,
): Response {
  const { status, headers, body } = answer;
  const { outgoing } = env;
  const onSocket = outgoing !== undefined && !outgoing.headersSent;
  if (body === 'stream') {
    const stream = response.body!;
    if (!onSocket) return new Response(listener === null ? stream : listened(stream, listener), response);
    outgoing.writeHead(status, headers as string[]);
    void pump(stream, outgoing, { listener });
    return SENT;
  }
  if (!onSocket)
    return new Response(body !== null && 'text' in body ? Buffer.from(body.text) : (body as Uint8Array<ArrayBuffer>), {
      status,
      statusText: response.statusText,
      headers: response.headers,
    });
  const sent: string[] = [];
  for (let at = 0; at < headers.length; at += 2)
    if (headers[at] !== 'content-length') sent.push(headers[at]!, headers[at + 1]!);
  if (body !== null) sent.push('content-length', String(body.length));
  else if (!BODILESS.has(status) && method !== 'HEAD') sent.push('content-length', '0');
  outgoing.writeHead(status, sent);
  if (body === null) outgoing.end();
  // A text without a letter beyond ASCII is its bytes already: as `latin1` nobody encodes it.
  else if ('text' in body) outgoing.end(body.text, body.text.length === body.length ? 'latin1' : 'utf8');
  else outgoing.end(body);
  return SENT;
}

/** What tells the adapter that there is nothing left to do. */
export const SENT = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });

/** ms that a reader may leave everything that was sent to it untaken. */
const PATIENCE = 30_000;

/**
 * Writes a stream to a socket as fast as the other side takes it. A reader that takes nothing for long is
 * dropped: it would hold its buffers for good. A stream that can be resumed loses nothing by that.
 * @param patience ms until such a reader is dropped
 */
export async function pump(
  stream: ReadableStream<Uint8Array>,
  outgoing: Writable & { flushHeaders?(): void },
  { listener = null, patience = PATIENCE }: { listener?: BodyListener | null; patience?: number } = {},
): Promise<void> {
  const reader = stream.getReader();
  outgoing.flushHeaders?.();
  const gone = (): void => void reader.cancel().catch(() => undefined);
  outgoing.once('close', gone);
  if (outgoing.destroyed) gone();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      listener?.hear(value);
      if (!outgoing.write(value)) await drained(outgoing, patience);
    }
    await listener?.ended();
    outgoing.end();
  } catch {
    outgoing.destroy();
    await listener?.ended();
  }
}

/** Resolves when the other side has taken what was written, or is gone. */
function drained(outgoing: Writable, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(() => outgoing.destroy(), patience);
    outgoing.once('drain', done).once('close', done);
    if (outgoing.destroyed) done();
  });
}

/** The same stream; the listener gets every chunk. */
function listened(stream: ReadableStream<Uint8Array>, listener: BodyListener): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          await listener.ended();
          controller.close();
        } else {
          listener.hear(value);
          controller.enqueue(value);
        }
      } catch (error) {
        controller.error(error);
        await listener.ended();
      }
    },
    async cancel(reason) {
      await listener.ended();
      return reader.cancel(reason);
    },
  });
}
