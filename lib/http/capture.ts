/** Takes down a request and its answer for the recorder, without standing in their way. */
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { protocolTime } from '#lib/sandbox/clock.ts';
import type { Draft } from '#lib/recorder/draft.ts';
import { BODY_KEPT } from '#lib/exchange/make.ts';
import type { Party } from '#lib/exchange/types.ts';
import type { Bindings, Parts } from './parts.ts';
import type { Ear } from './deliver.ts';
import type { RequestTrace } from './trace.ts';

/** What is known of a request by the time it is answered. */
export interface Captured {
  readonly sandbox: LiveSandbox;
  readonly request: Request;
  readonly env: Bindings;
  readonly url: string;
  readonly at: number;
  readonly monotonic: number;
  readonly endpoint: string;
  readonly body: string;
  readonly remoteAddress: string;
  readonly trace: RequestTrace;
}

const USER_FACING: ReadonlySet<string> = new Set(['authorize', 'consent', 'logout', 'activate']);
const RESOURCES: ReadonlySet<string> = new Set(['mcp', 'bearer', 'no-auth', 'prm', 'resource', 'admin-resource']);

/**
 * Arranges that the exchange is recorded once its answer has left.
 * @param sent the answer, as it leaves
 * @param end tells the recorder that the exchange is no longer open
 * @returns for an answer whose body streams, the ear that hears it
 */
export function capture(
  parts: Parts,
  seen: Captured,
  sent: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: Uint8Array | null | 'stream';
  },
  end: () => void,
): Ear | null {
  const { outgoing } = seen.env;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let done = false;
  const hear = (chunk: Uint8Array): void => {
    if (bytes < BODY_KEPT) chunks.push(chunk.length > BODY_KEPT ? chunk.slice(0, BODY_KEPT + 4) : chunk);
    bytes += chunk.length;
  };
  const record = (delivered: boolean): void => {
    if (done) return;
    done = true;
    const kept =
      chunks.length === 0
        ? null
        : Buffer.concat(chunks)
            .subarray(0, BODY_KEPT + 4)
            .toString('utf8');
    parts.recorder.record(draftOf(seen, { status: sent.status, headers: sent.headers, body: kept, bytes }, delivered));
    end();
  };
  const streams = sent.body === 'stream';
  if (sent.body instanceof Uint8Array) hear(sent.body);
  if (outgoing) {
    if (outgoing.closed || outgoing.destroyed) record(false);
    else outgoing.once('close', () => record(outgoing.writableFinished));
  } else if (!streams) record(true);
  return streams
    ? {
        hear,
        ended: () => {
          if (!outgoing) record(true);
        },
      }
    : null;
}

/** Records an exchange that got no answer: a connection that was dropped on purpose, or closed by the other side. */
export function captureUnanswered(parts: Parts, seen: Captured, end: () => void): void {
  parts.recorder.record(draftOf(seen, null, false));
  end();
}

function draftOf(seen: Captured, response: Draft['response'], delivered: boolean): Draft {
  const { request, env, sandbox, trace } = seen;
  const { incoming } = env;
  const rawHeaders = incoming?.rawHeaders ?? [...request.headers].flat();
  return {
    sandboxId: sandbox.record.id,
    at: seen.at,
    clock: protocolTime(sandbox.record.clock, seen.at),
    monotonic: seen.monotonic,
    duration: performance.now() - seen.monotonic,
    endpoint: seen.endpoint,
    ...parties(seen),
    method: request.method,
    url: seen.url,
    httpVersion: incoming?.httpVersion ?? '1.1',
    rawHeaders,
    body: seen.body === '' ? null : seen.body,
    response,
    delivered,
    connection: seen.remoteAddress === '' ? null : `${seen.remoteAddress}#${incoming?.socket.remotePort ?? 0}`,
    facts: trace.facts,
    checks: trace.checks,
    acted: trace.acted,
    controlTokenHash: sandbox.controlTokenHash,
  };
}

/** Whose message it is: what users are sent to comes from their browser, the rest from the client. */
function parties({ endpoint, request }: Captured): { from: Party; to: Party } {
  const from: Party =
    USER_FACING.has(endpoint) || request.headers.get('sec-fetch-mode') === 'navigate' ? 'you' : 'client';
  return { from, to: RESOURCES.has(endpoint) ? 'mcp' : 'as' };
}
