/** The third step: the body is read within its bounds, and what the engine works in is put together. */
import type { Context } from '#lib/oauth/context.ts';
import { demandReadableQuery, readBody } from '../body.ts';
import { readCookie } from '../cookies.ts';
import type { Visit } from '../visit.ts';

/** @throws OAuthError 400, 408, 413, 415 for a body or a query that cannot be read */
export async function body(visit: Visit): Promise<void> {
  const { env, request, route, url } = visit;
  demandReadableQuery(url);
  visit.body = await readBody(
    request.headers,
    env.incoming ?? visit.stream,
    visit.operation?.body,
    route.malformed ?? 'invalid_request',
    (beginning) => {
      visit.refusedBody = beginning;
    },
  );
  visit.ctx = contextOf(visit);
  if (route.nameOf) visit.endpoint = route.nameOf(visit.ctx);
}

function contextOf(visit: Visit): Context {
  const { request, body: parsed, trace, remoteAddress, parts, origin } = visit;
  const present = (): string | null => readCookie(request.headers.get('cookie'), origin);
  return {
    tenant: visit.tenant!,
    request,
    body: parsed,
    trace,
    remoteAddress,
    browser: {
      get id() {
        return visit.cookie ?? present();
      },
      ensure() {
        const known = present();
        if (known !== null) return known;
        visit.cookie ??= parts.random(32);
        return visit.cookie;
      },
    },
  };
}
