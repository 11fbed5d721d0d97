/** Reading what was recorded: at once, live, exported, shared. */
import type { Context } from '#lib/oauth/context.ts';
import { toCurlScript } from '#lib/exchange/write/curl.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { toHar } from '#lib/exchange/write/har.ts';
import { toPlaywright } from '#lib/exchange/write/playwright.ts';
import { redact } from '#lib/recorder/redact.ts';
import { eventStream, MOST_STREAMS } from '#lib/recorder/stream.ts';
import { shareToken, showsShare } from '../control.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { ParameterDoc, Route } from '../route.ts';
import { numberOf } from './parsed.ts';

const REVEAL: ParameterDoc = { name: 'reveal', in: 'query', says: '1: with secrets; not for shares.' };
const REFUSED = { 401: 'The control token is missing or wrong.', 404: 'No such sandbox.' };

/** How an exchange is shown to whoever asks. @throws ControlError 401 where a share asks for secrets */
function viewOf(ctx: Context, query: URLSearchParams): (exchange: Exchange) => Exchange {
  if (query.get('reveal') !== '1') return (exchange) => redact(exchange, ctx.tenant.secret);
  if (showsShare(ctx.request, ctx.tenant.secret))
    throw new ControlError(401, 'invalid_token', 'A share is without secrets: reveal needs the control token.');
  return (exchange) => exchange;
}

export function exchangeRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  const queryOf = (ctx: Context): URLSearchParams => new URL(ctx.request.url).searchParams;
  return [
    {
      ...common,
      endpoint: 'exchanges',
      path: '/api/sandboxes/:id/exchanges',
      methods: {
        GET: {
          summary: 'The recorded exchanges, oldest first',
          control: true,
          shared: true,
          parameters: [
            { name: 'after', in: 'query', says: 'Only those after this number.' },
            { name: 'limit', in: 'query', says: 'How many, 500 at most.' },
            REVEAL,
          ],
          responses: { 200: 'exchanges, and last, the number to go on after.', ...REFUSED },
          async handle(ctx) {
            const query = queryOf(ctx);
            const view = viewOf(ctx, query);
            const after = numberOf(query, 'after', { from: 0, to: Number.MAX_SAFE_INTEGER, otherwise: 0 });
            const limit = numberOf(query, 'limit', { from: 1, to: 500, otherwise: 500 });
            const exchanges = await parts.recorder.list(ctx.tenant.sandboxId, { after, limit });
            return Response.json(
              { exchanges: exchanges.map(view), last: exchanges.at(-1)?.seq ?? after },
              { headers: { 'cache-control': 'no-store' } },
            );
          },
        },
        DELETE: {
          summary: 'Forget the recorded exchanges',
          control: true,
          responses: { 204: 'Forgotten.', ...REFUSED },
          async handle(ctx) {
            parts.recorder.drop(ctx.tenant.sandboxId);
            await parts.recorder.settle(ctx.tenant.sandboxId);
            await parts.store.tenant(ctx.tenant.sandboxId).clearExchanges();
            return new Response(null, { status: 204 });
          },
        },
      },
    },
    {
      ...common,
      endpoint: 'stream',
      path: '/api/sandboxes/:id/stream',
      methods: {
        GET: {
          summary: 'The recorded exchanges, live, as server-sent events',
          control: true,
          shared: true,
          parameters: [
            { name: 'Last-Event-ID', in: 'header', says: 'Goes on after this number.' },
            { name: 'after', in: 'query', says: 'The same, for whoever cannot set the header.' },
            REVEAL,
          ],
          responses: {
            200: 'Events named exchange; their ids are the numbers of the exchanges.',
            429: 'As many streams as may be.',
            ...REFUSED,
          },
          async handle(ctx) {
            const query = queryOf(ctx);
            const view = viewOf(ctx, query);
            const header = ctx.request.headers.get('last-event-id');
            const after =
              header !== null && /^\d{1,15}$/.test(header)
                ? Number(header)
                : numberOf(query, 'after', { from: 0, to: Number.MAX_SAFE_INTEGER, otherwise: 0 });
            if (parts.recorder.watchers(ctx.tenant.sandboxId) >= MOST_STREAMS)
              throw new ControlError(429, 'limit_exceeded', `A sandbox has ${MOST_STREAMS} streams at most.`, {
                limit: 'streams',
                max: MOST_STREAMS,
              });
            return new Response(eventStream(parts.recorder, ctx.tenant.sandboxId, { after, view }), {
              headers: {
                'content-type': 'text/event-stream; charset=utf-8',
                'cache-control': 'no-store',
                'x-accel-buffering': 'no',
              },
            });
          },
        },
      },
    },
    {
      ...common,
      endpoint: 'export',
      path: '/api/sandboxes/:id/export',
      methods: {
        GET: {
          summary: 'The run as HAR 1.2, as curl commands, or as a Playwright test',
          control: true,
          shared: true,
          parameters: [{ name: 'format', in: 'query', required: true, says: 'har, curl or playwright.' }, REVEAL],
          responses: { 200: 'The run.', 400: 'Another format.', ...REFUSED },
          async handle(ctx) {
            const query = queryOf(ctx);
            const format = query.get('format');
            const all = await parts.recorder.list(ctx.tenant.sandboxId, { after: 0, limit: 500 });
            const exchanges = all.map(viewOf(ctx, query));
            const file = (text: string, type: string, name: string): Response =>
              new Response(text, {
                headers: {
                  'content-type': type,
                  'cache-control': 'no-store',
                  'content-disposition': `attachment; filename="authwalk-${ctx.tenant.sandboxId}.${name}"`,
                },
              });
            if (format === 'har')
              return file(JSON.stringify(toHar(exchanges, parts.site.version), null, 2), 'application/json', 'har');
            if (format === 'curl')
              return file(
                toCurlScript(exchanges, `${ctx.tenant.origin}/api/sandboxes/${ctx.tenant.sandboxId}`),
                'text/plain; charset=utf-8',
                'sh',
              );
            if (format === 'playwright')
              return file(
                toPlaywright(all, {
                  origin: ctx.tenant.origin,
                  base: ctx.tenant.base,
                  config: (await parts.store.getSandbox(ctx.tenant.sandboxId))?.config ?? {},
                }),
                'text/plain; charset=utf-8',
                'spec.ts',
              );
            throw new ControlError(400, 'invalid_request', 'format takes har, curl or playwright.');
          },
        },
      },
    },
    {
      ...common,
      endpoint: 'shares',
      path: '/api/sandboxes/:id/shares',
      methods: {
        POST: {
          summary: 'A link to look at the sandbox with, without secrets',
          control: true,
          body: 'json',
          responses: { 201: 'url.', ...REFUSED },
          handle: (ctx) => {
            const token = shareToken(ctx.tenant.secret);
            return Response.json(
              { url: `${ctx.tenant.origin}/sandbox/${ctx.tenant.sandboxId}#share=${token}`, token },
              { status: 201, headers: { 'cache-control': 'no-store' } },
            );
          },
        },
      },
    },
  ];
}
