import { OAuthError } from '#lib/oauth/errors.ts';
import type { Operation, Route } from '../route.ts';

const nothing: Operation = {
  summary: 'Nothing lives here',
  handle(ctx, params) {
    if (params.undecodable)
      throw new OAuthError('invalid_request', {
        reason: 'request-malformed',
        description: 'The path has a percent-encoding that cannot be decoded as UTF-8.',
      });
    ctx.trace.check({
      check: 'address',
      says: 'Something lives at this address.',
      ok: false,
      evidence: { path: new URL(ctx.request.url).pathname },
      clause: 'rfc9110-15.5.5',
    });
    if (new URL(ctx.request.url).pathname.includes('/.well-known/')) {
      throw new OAuthError('not_found', {
        reason: 'metadata-unknown',
        description: 'Nothing is described at this address. The well-known part stands between host and path.',
      });
    }
    throw new OAuthError('not_found', {
      reason: 'path-unknown',
      description: 'Nothing lives at this address. Paths have no trailing slash.',
    });
  },
};

/** Where requests land that no route takes: recorded all the same, because a wrong address is worth seeing. */
export const unknownRoute: Route = {
  endpoint: 'unknown',
  scope: 'base',
  path: '/*',
  cors: 'open',
  recorded: true,
  methods: { GET: nothing, POST: nothing, PUT: nothing, PATCH: nothing, DELETE: nothing },
};
