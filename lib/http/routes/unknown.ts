import { addressKnown } from '#lib/oauth/checks/address.ts';
import { check } from '#lib/oauth/checks/check.ts';
import type { Operation, Route } from '../route.ts';

const nothing: Operation = {
  id: 'findNothing',
  summary: 'There is nothing here',
  answers: {},
  handle(ctx, params) {
    const { pathname } = new URL(ctx.request.url);
    check(ctx.trace, addressKnown, { pathname, decodable: !params.undecodable, known: false });
    throw new Error('An address that is not known was let through.');
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
