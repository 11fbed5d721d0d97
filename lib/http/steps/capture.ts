/** The last step: sends the answer, and records it without delaying it. */
import { isPromise } from '#lib/spec/promise.ts';
import { elapsed } from '#lib/spec/timers.ts';
import { protocolTime } from '#lib/sandbox/clock.ts';
import { BODY_KEPT } from '#lib/exchange/make.ts';
import type { Party } from '#lib/exchange/types.ts';
import type { Draft } from '#lib/recorder/draft.ts';
import { type EndpointFacts, endpoints } from '#lib/spec/endpoints.ts';
import { compress } from '../compress.ts';
import { type Answer, type BodyListener, deliver, readAnswer, SENT } from '../deliver.ts';
import type { Visit } from '../visit.ts';

/** The response for the adapter, and the status that was sent (0: none). */
export interface Sent {
  readonly response: Response;
  readonly status: number;
}

/** Sends the answer, and records the exchange once it has left. */
export function capture(visit: Visit): Promise<Sent> | Sent {
  if (visit.dropped) return drop(visit);
  const { env, request } = visit;
  // What is recorded is recorded as it travels; the rest goes out smaller if the socket's reader takes that.
  const response = visit.endRecord === null && env.outgoing ? compress(request, visit.response!) : visit.response!;
  const answer = readAnswer(response, request.method, visit.fault?.effect.hang_ms !== undefined);
  return isPromise(answer) ? answer.then((read) => send(visit, read, response)) : send(visit, answer, response);
}

function send(visit: Visit, answer: Answer, response: Response): Promise<Sent> | Sent {
  const listener = visit.endRecord === null ? null : listen(visit, answer, visit.endRecord);
  const leave = (): Sent => ({
    response: deliver(visit.env, visit.request.method, answer, response, listener),
    status: answer.status,
  });
  // Who reads at another instance finds every answer that has ended.
  if (listener !== null && !visit.parts.recorder.alone && answer.body !== 'stream') return listener.ended().then(leave);
  return leave();
}

/** Ends the connection without an answer. */
async function drop(visit: Visit): Promise<Sent> {
  if (visit.endRecord !== null) {
    const written = visit.parts.recorder.record(draftOf(visit, null, false));
    if (!visit.parts.recorder.alone) await written;
    visit.endRecord();
  }
  const { incoming } = visit.env;
  if (!incoming) return { response: Response.error(), status: 0 };
  incoming.socket.destroy();
  return { response: SENT, status: 0 };
}

/**
 * Arranges that the exchange is recorded once its answer has left.
 * @param end tells the recorder that the exchange is no longer open
 * @returns what hears the chunks of a body that streams, and that the answer is about to end
 */
function listen(visit: Visit, { status, headers, body }: Answer, end: () => void): BodyListener {
  const { outgoing } = visit.env;
  const chunks: Uint8Array[] = [];
  let text: string | null = null;
  let bytes = 0;
  let done = false;
  const hear = (chunk: Uint8Array): void => {
    if (bytes < BODY_KEPT) chunks.push(chunk.length > BODY_KEPT ? chunk.slice(0, BODY_KEPT + 4) : chunk);
    bytes += chunk.length;
  };
  const { alone } = visit.parts.recorder;
  const record = async (delivered: boolean): Promise<void> => {
    if (done) return;
    done = true;
    if (chunks.length > 0)
      text = Buffer.concat(chunks)
        .subarray(0, BODY_KEPT + 4)
        .toString('utf8');
    const response = { status, rawHeaders: headers, body: text, bytes };
    const written = visit.parts.recorder.record(draftOf(visit, response, delivered));
    end();
    if (!alone) await written;
  };
  const streams = body === 'stream';
  if (body instanceof Uint8Array) hear(body);
  else if (typeof body === 'object' && body !== null) {
    // A text that is kept whole is kept as it is.
    if (body.length > BODY_KEPT) hear(Buffer.from(body.text));
    else ({ text, length: bytes } = body);
  }
  if (outgoing) {
    if (outgoing.closed || outgoing.destroyed) void record(false);
    else outgoing.on('close', () => void record(outgoing.writableFinished));
  } else if (!streams && alone) void record(true);
  return {
    hear,
    async ended() {
      if (!outgoing || (!alone && !outgoing.destroyed)) await record(true);
    },
  };
}

/** What the recorder needs, in one place: raw notes, worked out off the request's way. */
function draftOf(visit: Visit, response: Draft['response'], delivered: boolean): Draft {
  const { request, env, trace, endpoint, remoteAddress } = visit;
  const sandbox = visit.sandbox!;
  const { incoming } = env;
  return {
    sandboxId: sandbox.record.id,
    epoch: sandbox.record.epoch,
    at: visit.at,
    clock: protocolTime(sandbox.record.clock, visit.at),
    monotonic: performance.timeOrigin + visit.monotonic,
    duration: elapsed() - visit.monotonic,
    endpoint,
    from: senderOf(visit),
    to: (endpoints as Readonly<Record<string, EndpointFacts>>)[endpoint]?.answers ?? 'as',
    method: request.method,
    url: visit.url,
    httpVersion: incoming?.httpVersion ?? '1.1',
    rawHeaders: incoming?.rawHeaders ?? [...request.headers].flat(),
    body: visit.body.text === '' ? visit.refusedBody : visit.body.text,
    response,
    delivered,
    connection: remoteAddress === '' ? null : `${remoteAddress}#${incoming?.socket.remotePort ?? 0}`,
    facts: trace.facts,
    checks: trace.checks,
    acted: trace.acted,
    scenario: sandbox.record.scenario,
    config: sandbox.record.configChange,
    fetched: trace.fetched,
    changes: visit.changes,
    controlTokenHash: sandbox.controlTokenHash,
  };
}

/** Whose message it is: what users are sent to comes from their browser, the rest from the client. */
function senderOf({ endpoint, request }: Visit): Party {
  const { userFacing } = (endpoints as Readonly<Record<string, EndpointFacts>>)[endpoint] ?? {};
  return userFacing || request.headers.get('sec-fetch-mode') === 'navigate' ? 'you' : 'client';
}
