/**
 * Reading a request body: within bounds, as strict UTF-8, and only of the kinds that the endpoint
 * takes. What is wrong is thrown as the endpoint's own error.
 */
import { withoutTrailing } from '#lib/spec/trailing.ts';
import { isPromise } from '#lib/spec/promise.ts';
import { clearTimeout, setImmediate, setTimeout } from '#lib/spec/timers.ts';
import type { IncomingMessage } from 'node:http';
import type { HeaderReader } from '#lib/oauth/context.ts';
import { type ErrorCode, OAuthError } from '#lib/oauth/errors.ts';
import { BODY_KEPT } from '#lib/exchange/make.ts';
import type { ParsedBody } from '#lib/oauth/context.ts';
import type { ReasonId } from '#lib/spec/reasons.ts';
import type { Operation } from './route.ts';

/** Bytes; over it the answer is 413. */
export const MAX_BODY = 65_536;
/** Levels of nesting in JSON; deeper is 400. */
const MAX_DEPTH = 32;
/** ms that a body may take to arrive. */
const PATIENCE = 20_000;

const EMPTY: ParsedBody = { text: '' };
const strict = new TextDecoder('utf-8', { fatal: true });
const lenientText = new TextDecoder();

const REASONS: Readonly<Record<number, ReasonId>> = {
  408: 'body-too-slow',
  413: 'body-too-large',
  415: 'content-type',
};

/** An error of the body itself. @param code what the endpoint calls a request that it cannot read */
function refuse(status: number, description: string, code: ErrorCode): OAuthError {
  const reason = REASONS[status] ?? 'request-malformed';
  return new OAuthError(code, {
    reason,
    status,
    description,
    ...(status === 413 ? { headers: { connection: 'close' } } : {}),
  });
}

/**
 * Reads the body and parses it as the operation declares.
 * @param source the socket, or what gives the stream of the body
 * @param kind what the operation takes; absent: nothing is read
 * @param malformed the code for what cannot be parsed
 * @param refused gets the beginning of a body that is refused for its type or its form
 * @throws OAuthError 413 over 64 KiB, 415 for another content type, 408 too slow, 400 malformed
 */
export function readBody(
  headers: HeaderReader,
  source: IncomingMessage | (() => ReadableStream<Uint8Array> | null),
  kind: Operation['body'],
  malformed: ErrorCode,
  refused: (beginning: string) => void = () => undefined,
): ParsedBody | Promise<ParsedBody> {
  if (kind === undefined) return EMPTY;
  const declared = headers.get('content-length');
  if (declared !== null && Number(declared) > MAX_BODY) throw tooLarge();
  const bytes = typeof source === 'function' ? fromStream(source()) : fromSocket(source);
  const parse = (all: Uint8Array): ParsedBody => parsedOf(headers, all, kind, malformed, refused);
  return isPromise(bytes) ? bytes.then(parse) : parse(bytes);
}

function parsedOf(
  headers: HeaderReader,
  bytes: Uint8Array,
  kind: NonNullable<Operation['body']>,
  malformed: ErrorCode,
  refused: (beginning: string) => void,
): ParsedBody {
  const type = mediaType(headers.get('content-type'));
  if (bytes.length === 0 && type === '') return kind === 'form' ? { text: '', form: new URLSearchParams() } : EMPTY;
  try {
    return parsed(bytes, kind, type, headers.get('content-encoding'), malformed);
  } catch (error) {
    refused(withoutTrailing(lenientText.decode(bytes.subarray(0, BODY_KEPT)), '\uFFFD'));
    throw error;
  }
}

const EMPTY_BYTES = new Uint8Array();

const tooLarge = (): OAuthError => refuse(413, `The body may have ${MAX_BODY} bytes at most.`, 'invalid_request');

/** @throws OAuthError 415 for another content type, 400 malformed */
function parsed(
  bytes: Uint8Array,
  kind: NonNullable<Operation['body']>,
  type: string,
  encoding: string | null,
  malformed: ErrorCode,
): ParsedBody {
  if (!takes(kind, type)) {
    const wanted = kind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
    throw refuse(415, `The body must be ${wanted}.`, 'invalid_request');
  }
  if (encoding !== null && encoding.trim() !== '' && encoding.trim().toLowerCase() !== 'identity')
    throw refuse(415, 'The body must not be compressed.', 'invalid_request');
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    throw refuse(400, 'The body must be UTF-8.', malformed);
  }
  if (kind === 'form') return { text, form: parseForm(text) };
  // An MCP server answers what it cannot parse itself, as JSON-RPC.
  if (kind === 'json-rpc') return lenient(text);
  return { text, json: parseJson(text, malformed) };
}

/** `type/subtype` in lower case, without parameters; empty if there is none. */
export function mediaType(header: string | null): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

function takes(kind: Operation['body'], type: string): boolean {
  if (kind === 'form') return type === 'application/x-www-form-urlencoded';
  return (
    kind === 'any-json' || type === 'application/json' || (kind === 'json' && type === 'application/merge-patch+json')
  );
}

/**
 * Parses `application/x-www-form-urlencoded` text, strictly: the lenient decoding of URLSearchParams
 * would turn a broken escape into another value than the one that was meant.
 * @throws OAuthError `invalid_request` for a broken percent-encoding, or one that is not UTF-8
 */
export function parseForm(text: string): URLSearchParams {
  demandDecodable(text, 'body');
  return new URLSearchParams(text);
}

/**
 * Refuses an address whose query cannot be decoded: read leniently, a `state` would come back changed.
 * @param url absolute, as it was sent
 * @throws OAuthError `invalid_request`
 */
export function demandReadableQuery(url: string): void {
  const start = url.indexOf('?');
  if (start >= 0) demandDecodable(url.slice(start + 1), 'query');
}

function demandDecodable(text: string, where: 'body' | 'query'): void {
  if (!text.includes('%')) return;
  try {
    decodeURIComponent(text);
  } catch {
    throw refuse(400, `The ${where} has a percent-encoding that cannot be decoded as UTF-8.`, 'invalid_request');
  }
}

function lenient(text: string): ParsedBody {
  try {
    return { text, json: parseJson(text, 'invalid_request') };
  } catch {
    return { text };
  }
}

function parseJson(text: string, malformed: ErrorCode): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(400, 'The body is not JSON.', malformed);
  }
  if (!clean(value, MAX_DEPTH)) throw refuse(400, `The body nests deeper than ${MAX_DEPTH} levels.`, malformed);
  return value;
}

/** Takes out `__proto__` members, which could poison the code that merges them. @returns false if it is too deep */
function clean(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  for (const inner of Object.values(value)) if (!clean(inner, depth - 1)) return false;
  return true;
}

/** Resolves once everything that has come in by now is parsed. */
function parsedByNow(): Promise<void> {
  parsing ??= new Promise((resolve) => {
    setImmediate(() => {
      parsing = undefined;
      resolve();
    });
  });
  return parsing;
}
let parsing: Promise<void> | undefined;

/**
 * The whole body. Most came in one piece with their headers, but Node parses them only when who asks for them has had
 * its turn: after that turn they are here, and need neither listeners nor a timer.
 */
async function fromSocket(incoming: IncomingMessage): Promise<Uint8Array> {
  if (!incoming.complete) await parsedByNow();
  if (!incoming.complete || incoming.readableFlowing !== null) return arriving(incoming);
  const whole = (incoming.read() as Buffer | null) ?? EMPTY_BYTES;
  if (whole.length > MAX_BODY) throw tooLarge();
  return whole;
}

/** A body that is still on its way. */
function arriving(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (action: () => void) => {
      clearTimeout(timer);
      incoming.off('data', onData).off('end', onEnd).off('error', onError).off('close', onError);
      action();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY)
        finish(() => {
          incoming.pause();
          reject(tooLarge());
        });
      else chunks.push(chunk);
    };
    const onEnd = () => finish(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    const onError = () =>
      finish(() => reject(refuse(400, 'The body ended before it was complete.', 'invalid_request')));
    const timer = setTimeout(
      () => finish(() => reject(refuse(408, 'The body took too long.', 'invalid_request'))),
      PATIENCE,
    );
    if (incoming.readableEnded) return onEnd();
    if (incoming.destroyed) return onError();
    incoming.on('data', onData).on('end', onEnd).on('error', onError).on('close', onError);
  });
}

async function fromStream(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw refuse(400, 'The body ended before it was complete.', 'invalid_request');
    });
    if (done) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    size += value.length;
    if (size > MAX_BODY) {
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(value);
  }
}
