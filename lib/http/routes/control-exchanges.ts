/** Reading what was recorded: at once, live, exported, shared. */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { toCurlScript } from '#lib/exchange/write/curl.ts';
import { changeSchema, exchangeSchema, ledgerFactsSchema } from '#lib/exchange/schema.ts';
import { toHar } from '#lib/exchange/write/har.ts';
import { toPlaywright } from '#lib/exchange/write/playwright.ts';
import { ledgerFacts } from '#lib/recorder/facts.ts';
import { masking, revealing, type View } from '#lib/recorder/view.ts';
import { eventStream, MOST_STREAMS } from '#lib/recorder/stream.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { shareAnswer, sharesAnswer } from '#lib/spec/answers.ts';
import { SHARE, showsShare } from '../control.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { wholeNumber } from '../parsed.ts';
import { operation, type Route } from '../route.ts';
import { mapInTurns } from '../turns.ts';

const reveal = z.string().optional().describe('1: with secrets; not for shares.');
const after = wholeNumber(0, Number.MAX_SAFE_INTEGER, 0).describe('Only what comes after this number.');
const changes = z.string().optional().describe('1: with what was done to the sandbox in between.');
const listQuery = z.object({ after, limit: wholeNumber(1, 500, 500).describe('How many.'), changes, reveal });
const streamQuery = z.object({
  after: after.describe('The same, for a reader that cannot set the header.'),
  changes,
  reveal,
});
const exportQuery = z.object({
  format: z.enum(['har', 'curl', 'playwright'], { error: 'takes har, curl or playwright' }),
  reveal,
});

const exchangesAnswer = z.object({
  exchanges: z.array(z.union([changeSchema.meta({ id: 'Change' }), exchangeSchema.meta({ id: 'Exchange' })])),
  last: z.int().describe('The number to go on after.'),
  ...ledgerFactsSchema.shape,
});

/** How a sandbox is shown to the sender of this request. @throws ControlError 401 if a share asks for secrets */
function viewOf(ctx: Context, revealed: string | undefined): View {
  if (revealed !== '1') return masking(ctx.tenant.secret);
  if (showsShare(ctx.request))
    throw new ControlError(401, 'invalid_token', 'A share is without secrets: reveal needs the control token.');
  return revealing;
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
            const { sandboxId } = ctx.tenant;
            const entries =
              query.changes === '1'
                ? await parts.recorder.listEntries(sandboxId, query)
                : await parts.recorder.list(sandboxId, query);
            const alone = ((await parts.sandboxes.find(sandboxId))?.ownOrigin ?? null) !== null;
            return Response.json(
              {
                exchanges: await mapInTurns(entries, view.entry),
                last: entries.at(-1)?.seq ?? query.after,
                ...(await ledgerFacts(parts.store, sandboxId, alone)),
              },
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
            // What was answered before is written first: the ledger remembers some of it through a reset.
            await parts.recorder.settle(ctx.tenant.sandboxId);
            parts.recorder.drop(ctx.tenant.sandboxId);
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
              description: 'Events named exchange, and change if asked for; their ids are the numbers of the entries.',
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
              eventStream(parts.recorder, ctx.tenant.sandboxId, {
                after,
                view: view.entry,
                changes: query.changes === '1',
                signal: parts.stopping,
              }),
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
            const { sandboxId, base, origin } = ctx.tenant;
            const view = viewOf(ctx, query.reveal);
            const record = await parts.store.getSandbox(sandboxId);
            const all = await parts.recorder.listEntries(sandboxId, { after: 0, limit: 500 });
            const entries = await mapInTurns(all, view.entry);
            const file = (text: string, type: string, name: string): Response =>
              new Response(text, {
                headers: {
                  'content-type': type,
                  'cache-control': 'no-store',
                  'content-disposition': `attachment; filename="authwalk-${ctx.tenant.sandboxId}.${name}"`,
                },
              });
            if (format === 'har')
              return file(JSON.stringify(toHar(entries, parts.site.version), null, 2), 'application/json', 'har');
            if (format === 'curl')
              return file(
                toCurlScript(entries, `${origin}/api/sandboxes/${sandboxId}`),
                'text/plain; charset=utf-8',
                'sh',
              );
            return file(
              // To run, a test needs the secrets of the run; a share gets a test that says what it shows.
              toPlaywright(showsShare(ctx.request) ? entries : all, {
                origin,
                base,
                config: view.value(record?.config ?? {}),
                scenario: record?.scenario ?? null,
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
        GET: operation({
          id: 'listShares',
          summary: 'The links that show the sandbox to others',
          control: true,
          answers: { 200: { description: 'The shares, without their tokens.', schema: sharesAnswer } },
          async handle(ctx) {
            const shares = await parts.store.tenant(ctx.tenant.sandboxId).listShares();
            return Response.json(
              { shares: shares.map(({ id, createdAt }) => ({ id, created_at: new Date(createdAt).toISOString() })) },
              { headers: { 'cache-control': 'no-store' } },
            );
          },
        }),
        POST: operation({
          id: 'createShare',
          summary: 'A link to look at the sandbox with, without secrets',
          control: true,
          input: z.looseObject({}),
          answers: { 201: { description: 'The link. It ends with a reset.', schema: shareAnswer } },
          async handle(ctx) {
            const { origin, sandboxId } = ctx.tenant;
            const id = `sh_${parts.random(9)}`;
            const token = `${SHARE}${parts.random(32)}`;
            const share = { id, tokenHash: sha256(token), createdAt: parts.wall() };
            await parts.store.tenant(sandboxId).addShare(share);
            return Response.json(
              { id, url: `${origin}/sandbox/${sandboxId}#share=${token}`, token },
              { status: 201, headers: { 'cache-control': 'no-store' } },
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'share',
      path: '/api/sandboxes/:id/shares/:share',
      methods: {
        DELETE: operation({
          id: 'revokeShare',
          summary: 'Revoke a share',
          control: true,
          answers: { 204: 'Revoked.' },
          async handle(ctx, { params: { share = '' } }) {
            if (!(await parts.store.tenant(ctx.tenant.sandboxId).deleteShare(share)))
              throw new ControlError(404, 'not_found', 'There is no share with this id.');
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
  ];
}
