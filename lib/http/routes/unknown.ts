import { OAuthError } from '#lib/oauth/errors.ts';
import type { Operation, Route } from '../route.ts';

const nothing: Operation = {
  id: 'findNothing',
  summary: 'There is nothing here',
  answers: {},
  handle(ctx, params) {
    if (params.undecodable)
      throw new OAuthError('invalid_request', {
        reason: 'request-malformed',
        description: 'The path has a percent-encoding that cannot be decoded as UTF-8.',
      });
    ctx.trace.check({
      check: 'address',
      says: 'There is something at this address.',
      ok: false,
      evidence: { path: new URL(ctx.request.url).pathname },
      clause: 'rfc9110-15.5.5',
    });
    if (new URL(ctx.request.url).pathname.includes('/.well-known/')) {
      throw new OAuthError('not_found', {
        reason: 'metadata-unknown',
        description: 'There is no document at this address. The well-known part stands between host and path.',
      });
    }
    throw new OAuthError('not_found', {
      reason: 'path-unknown',
      description: 'There is nothing at this address. Paths have no trailing slash.',
    });
  },
};

/** Requests that no route takes come here. They are recorded too: a wrong address is worth seeing. */
export const unknownRoute: Route = {
  endpoint: 'unknown',
  scope: 'base',
  path: '/*',
  cors: 'open',
  recorded: true,
  methods: { GET: nothing, POST: nothing, PUT: nothing, PATCH: nothing, DELETE: nothing },
};
