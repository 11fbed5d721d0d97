/** Reading what was recorded: at once, live, exported, shared. */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { toCurlScript } from '#lib/exchange/write/curl.ts';
import { exchangeSchema } from '#lib/exchange/schema.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { toHar } from '#lib/exchange/write/har.ts';
import { toPlaywright } from '#lib/exchange/write/playwright.ts';
import { redact } from '#lib/recorder/redact.ts';
import { eventStream, MOST_STREAMS } from '#lib/recorder/stream.ts';
import { shareAnswer } from '#lib/spec/answers.ts';
import { shareToken, showsShare } from '../control.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { wholeNumber } from '../parsed.ts';
import { operation, type Route } from '../route.ts';

const reveal = z.string().optional().describe('1: with secrets; not for shares.');
const after = wholeNumber(0, Number.MAX_SAFE_INTEGER, 0).describe('Only what comes after this number.');
const listQuery = z.object({ after, limit: wholeNumber(1, 500, 500).describe('How many.'), reveal });
const streamQuery = z.object({ after: after.describe('The same, for a reader that cannot set the header.'), reveal });
const exportQuery = z.object({
  format: z.enum(['har', 'curl', 'playwright'], { error: 'takes har, curl or playwright' }),
  reveal,
});

const exchangesAnswer = z.object({
  exchanges: z.array(exchangeSchema.meta({ id: 'Exchange' })),
  last: z.int().describe('The number to go on after.'),
});

/** How an exchange is shown to whoever asks. @throws ControlError 401 if a share asks for secrets */
function viewOf(ctx: Context, revealed: string | undefined): (exchange: Exchange) => Exchange {
  if (revealed !== '1') return (exchange) => redact(exchange, ctx.tenant.secret);
  if (showsShare(ctx.request, ctx.tenant.secret))
    throw new ControlError(401, 'invalid_token', 'A share is without secrets: reveal needs the control token.');
  return (exchange) => exchange;
}

export function exchangeRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  return [
    {
      ...common,
      endpoint: 'exchanges',
      path: '/api/sandboxes/:id/exchanges',
      methods: {
        GET: operation({
          id: 'listExchanges',
          summary: 'The recorded exchanges, oldest first',
          control: true,
          shared: true,
          query: listQuery,
          answers: { 200: { description: 'The exchanges.', schema: exchangesAnswer } },
          async handle(ctx, { query }) {
            const view = viewOf(ctx, query.reveal);
            const exchanges = await parts.recorder.list(ctx.tenant.sandboxId, query);
            return Response.json(
              { exchanges: exchanges.map(view), last: exchanges.at(-1)?.seq ?? query.after },
              { headers: { 'cache-control': 'no-store' } },
            );
          },
        }),
        DELETE: operation({
          id: 'clearExchanges',
          summary: 'Forget the recorded exchanges',
          control: true,
          answers: { 204: 'Forgotten.' },
          async handle(ctx) {
            parts.recorder.drop(ctx.tenant.sandboxId);
            await parts.recorder.settle(ctx.tenant.sandboxId);
            await parts.store.tenant(ctx.tenant.sandboxId).clearExchanges();
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'stream',
      path: '/api/sandboxes/:id/stream',
      methods: {
        GET: operation({
          id: 'streamExchanges',
          summary: 'The recorded exchanges, live, as server-sent events',
          control: true,
          shared: true,
          query: streamQuery,
          parameters: [{ name: 'Last-Event-ID', in: 'header', says: 'Goes on after this number.' }],
          answers: {
            200: {
              description: 'Events named exchange; their ids are the numbers of the exchanges.',
              types: ['text/event-stream'],
            },
            429: 'Limit reached: streams of this sandbox.',
          },
          async handle(ctx, { query }) {
            const view = viewOf(ctx, query.reveal);
            const header = ctx.request.headers.get('last-event-id');
            const after = header !== null && /^\d{1,15}$/.test(header) ? Number(header) : query.after;
            if (parts.recorder.watchers(ctx.tenant.sandboxId) >= MOST_STREAMS)
              throw new ControlError(429, 'limit_exceeded', `Limit reached: ${MOST_STREAMS} streams per sandbox.`, {
                limit: 'streams',
                max: MOST_STREAMS,
              });
            return new Response(
              eventStream(parts.recorder, ctx.tenant.sandboxId, { after, view, signal: parts.stopping }),
              {
                headers: {
                  'content-type': 'text/event-stream; charset=utf-8',
                  'cache-control': 'no-store',
                  'x-accel-buffering': 'no',
                },
              },
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'export',
      path: '/api/sandboxes/:id/export',
      methods: {
        GET: operation({
          id: 'exportRun',
          summary: 'The run as HAR 1.2, as curl commands, or as a Playwright test',
          control: true,
          shared: true,
          query: exportQuery,
          answers: { 200: { description: 'The run.', types: ['application/json', 'text/plain'] } },
          async handle(ctx, { query }) {
            const { format } = query;
            const all = await parts.recorder.list(ctx.tenant.sandboxId, { after: 0, limit: 500 });
            const exchanges = all.map(viewOf(ctx, query.reveal));
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
            return file(
              toPlaywright(all, {
                origin: ctx.tenant.origin,
                base: ctx.tenant.base,
                config: (await parts.store.getSandbox(ctx.tenant.sandboxId))?.config ?? {},
              }),
              'text/plain; charset=utf-8',
              'spec.ts',
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'shares',
      path: '/api/sandboxes/:id/shares',
      methods: {
        POST: operation({
          id: 'createShare',
          summary: 'A link to look at the sandbox with, without secrets',
          control: true,
          input: z.looseObject({}),
          answers: { 201: { description: 'The link.', schema: shareAnswer } },
          handle: (ctx) => {
            const token = shareToken(ctx.tenant.secret);
            return Response.json(
              { url: `${ctx.tenant.origin}/sandbox/${ctx.tenant.sandboxId}#share=${token}`, token },
              { status: 201, headers: { 'cache-control': 'no-store' } },
            );
          },
        }),
      },
    },
  ];
}
