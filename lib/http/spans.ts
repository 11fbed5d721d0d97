/**
 * A span for each request, if the operator installs an OpenTelemetry SDK.
 *
 * An SDK registers itself at a global symbol, which every copy of `@opentelemetry/api` of the major version 1 reads.
 * This file reads it too: nothing of OpenTelemetry is a dependency, and nothing is loaded.
 *
 * A span holds the names of the route and of the endpoint, the method and the status. It never holds a path, a query,
 * a header or a body, since these carry secrets.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
import { addressesOf } from './addresses.ts';
import type { Arrival, Visit } from './visit.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** What the API calls a context: values by their keys, never changed in place. */
interface Context {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): Context;
  deleteValue(key: symbol): Context;
}

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote: boolean;
}

interface ApiSpan {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { readonly code: number }): unknown;
  end(): void;
}

/** The part of the API's global object that this file uses. Each member is there once somebody registers it. */
interface Api {
  readonly trace?: {
    getTracer(
      name: string,
      version: string,
    ): {
      startSpan(
        name: string,
        options: { readonly kind: number; readonly attributes: Attributes },
        on: Context,
      ): ApiSpan;
    };
  };
  readonly context?: {
    active(): Context;
    with<T>(on: Context, run: () => T): T;
  };
  readonly propagation?: {
    extract(
      on: Context,
      carrier: Headers_,
      getter: { keys(carrier: Headers_): string[]; get(carrier: Headers_, name: string): string | undefined },
    ): Context;
  };
}

interface Headers_ {
  get(name: string): string | null;
}

const API = Symbol.for('opentelemetry.js.api.1');
/** The key of the current span in a context: the API makes it the same way. */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
/** `SpanKind.SERVER` */
const SERVER = 1;
/** `SpanStatusCode.ERROR` */
const ERROR = 2;
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The span of one request. */
export interface RequestSpan {
  /** Runs the request in the context of the span: what it calls finds the span as its parent. */
  run<T>(request: () => T): T;
  /** Ends the span. @param status that was sent; 0: none */
  end(visit: Visit, status: number): void;
}

/**
 * Starts the span of a request. Its parent is the caller's span, as `traceparent` names it.
 * @returns null if no SDK is registered
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function startSpan(arrival: Arrival, version: string): RequestSpan | null {
  const api = Reflect.get(globalThis, API) as Api | undefined;
  if (api?.trace === undefined) return null;
  const method = METHODS.has(arrival.request.method) ? arrival.request.method : '_OTHER';
  const route = routeName(arrival);
  const parent = parentOf(api, arrival.request.headers);
  const span = api.trace
    .getTracer('authwalk', version)
    .startSpan(
      `${method === '_OTHER' ? 'HTTP' : method} ${route}`,
      { kind: SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
      parent,
    );
  const own = parent.setValue(SPAN, span);
  return {
    run: (request) => (api.context === undefined ? request() : api.context.with(own, request)),
    end({ endpoint }, status) {
      span.setAttributes({
        'authwalk.endpoint': endpoint,
        ...(status === 0 ? {} : { 'http.response.status_code': status }),
        ...(status >= 500 ? { 'error.type': String(status) } : {}),
      });
      if (status >= 500) span.setStatus({ code: ERROR });
      span.end();
    },
  };
}

/** The address of a route with its parameters unfilled: `/s/:sandbox/oauth/token`. */
function routeName({ route, place, params }: Arrival): string {
  const inSandbox = params.sandbox !== undefined;
  const fits = addressesOf(route).filter((one) => one.place.issuer === place.issuer && one.place.decoy === place.decoy);
  const found = fits.find(({ path }) => path.includes('/s/:sandbox') === inSandbox) ?? fits[0];
  return found?.path ?? route.path;
}

/** The context that the request came with. */
function parentOf({ context, propagation }: Api, headers: Headers_): Context {
  const active = context?.active() ?? contextOf(new Map());
  if (propagation !== undefined)
    return propagation.extract(active, headers, {
      keys: () => ['traceparent', 'tracestate', 'baggage'],
      get: (carrier, name) => carrier.get(name) ?? undefined,
    });
  const [, traceId, spanId, flags] = TRACEPARENT.exec(headers.get('traceparent') ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return active;
  const caller: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags!, 16), isRemote: true };
  return active.setValue(SPAN, { spanContext: () => caller });
}

/** A context for an SDK that brings no manager of contexts. */
function contextOf(values: ReadonlyMap<symbol, unknown>): Context {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => contextOf(new Map<symbol, unknown>([...values, [key, value]])),
    deleteValue: (key) => contextOf(new Map([...values].filter(([name]) => name !== key))),
  };
}
