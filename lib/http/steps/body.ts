/** The third step: the body is read within its bounds, and what the engine works in is put together. */
import { isPromise } from '#lib/spec/promise.ts';
import type { Context, ParsedBody } from '#lib/oauth/context.ts';
import { demandReadableQuery, readBody } from '../body.ts';
import { readCookie } from '../cookies.ts';
import type { Visit } from '../visit.ts';

/** @throws OAuthError 400, 408, 413, 415 for a body or a query that cannot be read */
export function body(visit: Visit): Promise<void> | undefined {
  const { env, request, route, url } = visit;
  demandReadableQuery(url);
  const read = readBody(
    request.headers,
    env.incoming ?? visit.stream,
    visit.operation?.body,
    route.malformed ?? 'invalid_request',
    (beginning) => {
      visit.refusedBody = beginning;
    },
  );
  if (isPromise(read)) return read.then((parsed) => take(visit, parsed));
  return take(visit, read);
}

function take(visit: Visit, parsed: ParsedBody): undefined {
  visit.body = parsed;
  visit.ctx = contextOf(visit);
  if (visit.route.nameOf) visit.endpoint = visit.route.nameOf(visit.ctx);
}

function contextOf(visit: Visit): Context {
  const { request, body: parsed, trace, remoteAddress } = visit;
  return { tenant: visit.tenant!, request, body: parsed, trace, remoteAddress, browser: new Browser(visit) };
}

/**
 * The cookie of the browser that asks. A class, and no literal with a getter: V8 gives each such literal a hidden class
 * of its own, which only a full collection frees, and with it all that the getter sees: the whole request.
 */
class Browser {
  readonly #visit: Visit;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  get id(): string | null {
    return this.#visit.cookie ?? this.#present();
  }

  ensure(): string {
    return this.id ?? this.renew();
  }

  renew(): string {
    this.#visit.cookie = this.#visit.parts.random(32);
    return this.#visit.cookie;
  }

  #present(): string | null {
    return readCookie(this.#visit.request.headers.get('cookie'), this.#visit.origin);
  }
}
