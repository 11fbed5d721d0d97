/** One request on its way through the steps: what is known of it by now. */
import { elapsed } from '#lib/spec/timers.ts';
import type { Context, EngineRequest, ParsedBody, Tenant } from '#lib/oauth/context.ts';
import type { ActingFault } from '#lib/sandbox/faults/acting.ts';
import type { NewChange } from '#lib/recorder/recorder.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import type { Place } from './addresses.ts';
import type { Bindings, Parts } from './parts.ts';
import type { Sharing } from './headers.ts';
import type { Operation, Route } from './route.ts';
import { type SiteVerdict, judgeSite } from './site.ts';
import { remoteAddressOf } from './remote.ts';
import { AddressedRequest, RawHeaders } from './request.ts';
import { RequestTrace } from './trace.ts';
import { hostOf, pathOf, targetOf } from './url.ts';

const EMPTY_BODY: ParsedBody = { text: '' };

/** What an adapter hands over, and the endpoint that its address belongs to. */
export interface Arrival {
  readonly route: Route;
  readonly place: Place;
  readonly request: Request;
  readonly env: Bindings;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** A request and all that the steps found out about it. Made on arrival; each step fills in its part. */
export class Visit {
  readonly parts: Parts;
  readonly route: Route;
  readonly place: Place;
  /** What the steps and the engine read. */
  readonly request: EngineRequest;
  /** The stream of the body, for a request without a socket. */
  readonly stream: () => Request['body'];
  readonly env: Bindings;
  readonly params: Readonly<Record<string, string>>;
  /** Wall time of the arrival, ms since the epoch. */
  readonly at: number;
  /** `performance.now()` of the arrival. */
  readonly monotonic: number;
  readonly trace = new RequestTrace();
  readonly path: string;
  readonly verdict: SiteVerdict;
  /** `{origin}` that the request was made to. */
  readonly origin: string;
  /** The address that was asked for, with that origin. */
  readonly url: string;
  readonly remoteAddress: string;

  /** Set by `identify`. */
  sandbox: LiveSandbox | null = null;
  tenant: Tenant | null = null;
  operation: Operation | null = null;
  /** What the exchange is called in the record; `body` may refine it. */
  endpoint: string;
  /** Tells the recorder that the exchange is over; null if it is not recorded. */
  endRecord: (() => void) | null = null;

  /** Headers that tell how much is left of a limit; set by `limit`. */
  limits: Readonly<Record<string, string>> = {};

  /** Set by `body`. */
  body: ParsedBody = EMPTY_BODY;
  /** The beginning of a body that was refused for its type or its form; null if none was. */
  refusedBody: string | null = null;
  ctx: Context | null = null;
  /** The cookie that the answer sets; null if the browser has one or needs none. */
  cookie: string | null = null;

  /** The scripted fault that acts; set by `fault`. */
  fault: ActingFault | null = null;
  /** Lets the next request go that a fault holds at a barrier. */
  proceed: (() => void) | null = null;

  /** Set by `route`; a step that sets it ends the way to the handler. */
  response: Response | null = null;
  /** What the exchange changed in the sandbox: the stages that it completed. */
  changes: NewChange[] = [];
  /** Whether the answer was written by a fault. */
  scripted = false;
  /** Whether the connection ends without an answer. */
  dropped = false;

  constructor(parts: Parts, { route, place, request, env, params }: Arrival) {
    this.monotonic = elapsed();
    this.at = parts.wall();
    this.parts = parts;
    this.route = route;
    this.place = place;
    this.env = env;
    this.params = params;
    this.endpoint = route.endpoint;
    this.path = pathOf(request.url);
    const rawHeaders = env.incoming?.rawHeaders;
    const headers = rawHeaders === undefined ? request.headers : new RawHeaders(rawHeaders);
    this.verdict = judgeSite(parts.site, headers.get('host') ?? hostOf(request.url), headers.get('origin'), this.path);
    this.origin = this.verdict.origin;
    this.url = this.origin + targetOf(request.url);
    this.request = new AddressedRequest(request, this.url, headers);
    this.stream = () => request.body;
    this.remoteAddress = remoteAddressOf(this.request, env, parts.site.trustProxy);
  }

  /** Names the request in the log: as a proxy named it, or a name of its own. */
  get requestId(): string {
    const named = this.request.headers.get('x-request-id');
    this.#ownName ??= named !== null && /^[\x21-\x7E]{1,100}$/.test(named) ? named : this.parts.random(9);
    return this.#ownName;
  }
  #ownName: string | undefined;
}

/**
 * What pages of other origins may do. The knob `cors` is about the protocol, and never about what carries the
 * cookie.
 */
export function sharingOf({ route, sandbox }: Visit): Sharing {
  if (route.cors === 'none') return 'closed';
  return route.recorded && sandbox !== null ? sandbox.config.cors : 'full';
}

/** One step of a request. It may throw; what it throws becomes the answer. */
export type Step = (visit: Visit) => Promise<void> | void;
