/** Reading what was recorded. */
import { redact } from '#lib/recorder/redact.ts';
import type { Parts } from '../parts.ts';
import type { Route } from '../route.ts';
import { numberOf } from './parsed.ts';

export function exchangeRoutes(parts: Parts): readonly Route[] {
  return [{
    scope: 'origin', cors: 'open', recorded: false, sandbox: 'id', endpoint: 'exchanges', path: '/api/sandboxes/:id/exchanges',
    methods: { GET: {
      summary: 'The recorded exchanges, oldest first', control: true,
      parameters: [
        { name: 'after', in: 'query', says: 'Only those after this number.' }, { name: 'limit', in: 'query', says: 'How many, 500 at most.' },
        { name: 'reveal', in: 'query', says: '1: with secrets.' },
      ],
      responses: { 200: 'exchanges, and last, the number to go on after.', 401: 'The control token is missing or wrong.', 404: 'No such sandbox.' },
      async handle(ctx) {
        const query = new URL(ctx.request.url).searchParams;
        const after = numberOf(query, 'after', { from: 0, to: Number.MAX_SAFE_INTEGER, otherwise: 0 });
        const limit = numberOf(query, 'limit', { from: 1, to: 500, otherwise: 500 });
        const exchanges = await parts.recorder.list(ctx.tenant.sandboxId, { after, limit });
        const reveal = query.get('reveal') === '1';
        return Response.json({
          exchanges: reveal ? exchanges : exchanges.map((exchange) => redact(exchange, ctx.tenant.secret)),
          last: exchanges.at(-1)?.seq ?? after,
        }, { headers: { 'cache-control': 'no-store' } });
      },
    } },
  }];
}
