/** An exchange as the rules look at it: with its times on one scale, and read once. */
import {
  answerOf,
  basicOf,
  challengesOf,
  formOf,
  headerOf,
  type JsonObject,
  parameterOf,
  queryOf,
  redirectOf,
  tokenOf,
} from '#lib/exchange/read.ts';
import type { Exchange } from '#lib/exchange/types.ts';

/** `monotonic` of older records counts from the start of a process; those are smaller than any time since 2001. */
const EPOCH_SCALE = 1e12;

export class Seen {
  readonly exchange: Exchange;
  readonly seq: number;
  /** ms since the epoch: arrival of the request, and end of the answer. */
  readonly start: number;
  readonly end: number;
  readonly endpoint: string;
  readonly method: string;
  /** 0 if there was no answer. */
  readonly status: number;
  /** Path of the address, without its query. */
  readonly path: string;
  #mask: Map<string, string | null> | undefined;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
    this.seq = exchange.seq;
    const at = Date.parse(exchange.at);
    this.start = exchange.monotonic > EPOCH_SCALE ? exchange.monotonic : Number.isNaN(at) ? 0 : at;
    this.end = this.start + Math.max(0, exchange.duration || 0);
    this.endpoint = exchange.endpoint;
    this.method = exchange.request.method.toUpperCase();
    this.status = exchange.response?.status ?? 0;
    const [address = ''] = exchange.request.url.split(/[?#]/, 1);
    this.path = address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  }

  get delivered(): boolean {
    return this.exchange.delivered && this.exchange.response !== null;
  }

  /** A parameter of form, query or JSON body, the first of its name; null if there is none. */
  param(name: string): string | null {
    const known = this.#mask?.get(name);
    if (known !== undefined) return known;
    const value = parameterOf(this.exchange, name);
    this.#mask ??= new Map();
    this.#mask.set(name, value);
    return value;
  }

  get query() {
    return queryOf(this.exchange);
  }
  get form() {
    return formOf(this.exchange);
  }
  get answer(): JsonObject | null {
    return answerOf(this.exchange);
  }
  get redirect() {
    return redirectOf(this.exchange);
  }
  get challenges() {
    return challengesOf(this.exchange);
  }
  get token() {
    return tokenOf(this.exchange);
  }
  get basic() {
    return basicOf(this.exchange);
  }

  header(name: string): string | null {
    return headerOf(this.exchange.request, name);
  }
  answerHeader(name: string): string | null {
    return headerOf(this.exchange.response, name);
  }

  /** The error code of a JSON answer, or of the challenge. */
  get error(): string | null {
    const error = this.answer?.error;
    if (typeof error === 'string') return error;
    for (const { parameters } of this.challenges) if (parameters.error !== undefined) return parameters.error;
    return this.exchange.error;
  }

  /** Whether a fault acted, or the answer was edited on its way. */
  get faulted(): boolean {
    return this.acted('fault');
  }

  /** Whether something of this kind acted, and if named, just this. */
  acted(kind: 'fault' | 'knob' | 'stage' | 'patch', name?: string): boolean {
    return (this.exchange.acted ?? []).some((one) => one.kind === kind && (name === undefined || one.name === name));
  }
}

/** Order in time; the ledger's own number decides between equals. */
export function byTime(a: Seen, b: Seen): number {
  return a.start - b.start || a.seq - b.seq;
}

/** A JSON member that is text; null if it is missing or something else. */
export function textOf(object: JsonObject | null | undefined, name: string): string | null {
  const value = object && Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : null;
}

/** A JSON member that is a list of texts; others of its members are left out. */
export function textsOf(object: JsonObject | null | undefined, name: string): readonly string[] | null {
  const value = object && Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : null;
}

/** The scopes of a text, in order, without empty ones. */
export function scopesOf(text: string | null | undefined): readonly string[] {
  return text ? text.split(' ').filter((scope) => scope !== '') : [];
}
