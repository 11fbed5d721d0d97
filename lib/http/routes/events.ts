/** Events: webhooks of a sandbox, events from elsewhere, and whether the delivery is well. */
import { z } from 'zod';
import { webhookSecret } from '#lib/events/sign.ts';
import { addressProblem } from '#lib/fetch/addresses.ts';
import type { Context } from '#lib/oauth/context.ts';
import type { Json } from '#lib/exchange/types.ts';
import type { NewChange } from '#lib/recorder/recorder.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { isLoopbackHost } from '#lib/spec/loopback.ts';
import { webAddressProblem } from '#lib/spec/uri.ts';
import type { WebhookRecord } from '#lib/store/store.ts';
import { inForce } from '../changes.ts';
import { demandToken } from '../control.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';

/** ms that the key of an ingested event is remembered. */
const REMEMBERED = 24 * 3_600_000;
/** Bytes of an ingested event: with its envelope it has to fit into a delivery. */
const MOST_BYTES = 60_000;
/** Dead letters that are shown. */
const SHOWN = 100;

const webhookInput = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'takes an absolute URL with https or http' })
    .max(2000)
    .refine((url) => webAddressProblem(url) === null, 'takes a URL without user part, spaces and control characters')
    .describe('Where events are sent, by POST.'),
  events: z
    .array(z.string().regex(/^[a-z0-9.-]{1,80}(?:\.\*)?$/))
    .min(1)
    .max(50)
    .optional()
    .describe('Types, such as exchange.token, exchange.* or sandbox.clock; all if left out.'),
});
const webhookView = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()).nullable(),
  state: z.enum(['active', 'gone']).describe('gone: the receiver said 410, and gets nothing more.'),
  attempts: z.int().describe('Tries of the next event so far.'),
  problem: z.string().nullable().describe('Why the latest try failed.'),
  created_at: z.string(),
  delivered_at: z.string().nullable(),
});
const letterView = z.object({
  id: z.string(),
  webhook: z.string(),
  event: z.looseObject({}),
  problem: z.string(),
  attempts: z.int(),
  created_at: z.string(),
});
/** Characters of a key, and of the id of an event. */
const MOST_KEY = 200;
const name = z.string().min(1).max(MOST_KEY).optional();
const envelope = z.looseObject({ id: name, event_id: name, idempotency_key: name });
/** The id of an event that lies inside of its envelope. */
function idInside(event: unknown): string | undefined {
  const found = z.looseObject({ id: name, event_id: name }).safeParse(event);
  return found.success ? (found.data.id ?? found.data.event_id) : undefined;
}
const ingestAnswer = z.object({
  status: z.enum(['accepted', 'duplicate']),
  idempotency_key: z.string(),
  event_id: z.string(),
});
const healthView = z.object({
  enabled: z.boolean(),
  plugins: z.array(z.object({ name: z.string(), healthy: z.boolean() })),
});

const iso = (ms: number): string => new Date(ms).toISOString();
const answer = (body: unknown, status = 200): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } });

function viewOf({ id, url, events, state, attempts, problem, createdAt, deliveredAt }: WebhookRecord) {
  return {
    id,
    url,
    events,
    state,
    attempts,
    problem,
    created_at: iso(createdAt),
    delivered_at: deliveredAt === null ? null : iso(deliveredAt),
  };
}

export function eventRoutes(parts: Parts): readonly Route[] {
  const sandbox = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  const instance = { scope: 'origin', cors: 'none', recorded: false } as const;
  /** Where the operator turned events off. @throws ControlError 503 `eventing_disabled` */
  const demandEvents = (): void => {
    if (parts.events === null)
      throw new ControlError(503, 'eventing_disabled', 'Events are off at this instance (AUTHWALK_EVENTS).');
  };
  const demandOperator = (ctx: Context): void => {
    if (parts.site.isPublic) demandToken(parts.site, ctx.request, parts.site.adminTokenHash, 'the admin token', ctx);
  };

  return [
    {
      ...sandbox,
      endpoint: 'webhooks',
      path: '/api/sandboxes/:id/webhooks',
      limit: 60,
      methods: {
        GET: operation({
          id: 'listWebhooks',
          summary: 'The webhooks, and what could not be delivered',
          control: true,
          answers: {
            200: {
              description: 'The webhooks, and the latest dead letters.',
              schema: z.object({ webhooks: z.array(webhookView), dead_letters: z.array(letterView) }),
            },
          },
          async handle({ tenant: { store } }) {
            const [webhooks, letters] = await Promise.all([store.listWebhooks(), store.listDeadLetters(SHOWN)]);
            return answer({
              webhooks: webhooks.map(viewOf),
              dead_letters: letters.map(({ createdAt, ...letter }) => ({ ...letter, created_at: iso(createdAt) })),
            });
          },
        }),
        POST: operation({
          id: 'addWebhook',
          summary: 'Have what happens sent to an address, signed as Standard Webhooks does',
          control: true,
          input: webhookInput,
          answers: {
            201: {
              description: 'The webhook, with the secret of its signatures. It ends with a reset.',
              schema: webhookView.extend({ secret: z.string() }),
            },
          },
          async handle(ctx, { input: { url, events } }) {
            demandEvents();
            demandForeign(ctx, url);
            const problem = addressProblem(url, !parts.site.isPublic);
            if (problem !== null) throw new ControlError(400, 'invalid_request', `url: ${problem}`);
            const { tenant } = ctx;
            await parts.recorder.settle(tenant.sandboxId);
            const webhook: WebhookRecord = {
              id: `wh_${parts.random(9)}`,
              url,
              events: events ?? null,
              cursor: await tenant.store.lastExchangeSeq(),
              attempts: 0,
              dueAt: 0,
              state: 'active',
              problem: null,
              createdAt: parts.wall(),
              deliveredAt: null,
            };
            await tenant.store.addWebhook(webhook);
            parts.events?.wake(tenant.sandboxId);
            return answer({ ...viewOf(webhook), secret: webhookSecret(tenant.secret, webhook.id) }, 201);
          },
        }),
      },
    },
    {
      ...sandbox,
      endpoint: 'webhook',
      path: '/api/sandboxes/:id/webhooks/:webhook',
      methods: {
        DELETE: operation({
          id: 'removeWebhook',
          summary: 'Send nothing more to a webhook',
          control: true,
          answers: { 204: 'Removed.' },
          async handle(ctx, { params: { webhook = '' } }) {
            if (!(await ctx.tenant.store.deleteWebhook(webhook)))
              throw new ControlError(404, 'not_found', 'There is no webhook with this id.');
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...instance,
      endpoint: 'events-health',
      path: '/events/health',
      methods: {
        GET: {
          id: 'checkEvents',
          summary: 'Whether events are on, and whether their delivery is well',
          answers: { 200: { description: 'The plugins.', schema: healthView } },
          handle(ctx) {
            demandOperator(ctx);
            const plugins = parts.events === null ? [] : [{ name: 'webhooks', healthy: parts.events.healthy }];
            return answer({ enabled: parts.events !== null, plugins });
          },
        },
      },
    },
    {
      ...instance,
      endpoint: 'events-ingest',
      path: '/events/ingest',
      limit: 120,
      methods: {
        POST: operation({
          id: 'ingestEvent',
          summary: 'Take an event that somebody else produced, once',
          input: envelope,
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              says: 'The same key within 24 hours is the same event. Defaults to idempotency_key or id in the body.',
            },
          ],
          answers: {
            202: { description: 'Accepted, or a duplicate of one that was.', schema: ingestAnswer },
            503: 'Events are off: eventing_disabled.',
          },
          async handle(ctx, { input }) {
            demandOperator(ctx);
            demandEvents();
            if (Buffer.byteLength(ctx.body.text) > MOST_BYTES)
              throw new ControlError(413, 'invalid_request', `An event may have ${MOST_BYTES} bytes at most.`);
            const eventId = input.id ?? input.event_id ?? idInside(input.event);
            const header = ctx.request.headers.get('idempotency-key')?.trim() || undefined;
            // Cut, two keys could be the same, and the second event would be lost.
            if (header !== undefined && header.length > MOST_KEY)
              throw new ControlError(400, 'invalid_request', `Idempotency-Key: takes at most ${MOST_KEY} characters.`);
            const key = header ?? input.idempotency_key ?? eventId;
            if (key === undefined)
              throw new ControlError(
                400,
                'invalid_request',
                'The event needs an Idempotency-Key, an idempotency_key or an id, so that it is taken once.',
              );
            const taken = {
              key,
              eventId: eventId ?? crypto.randomUUID(),
              data: input,
              createdAt: parts.wall(),
              expiresAt: parts.wall() + REMEMBERED,
            };
            // What happened before it stands before it in the ledger.
            await parts.recorder.settle(DEFAULT_ID);
            const sandbox = (await parts.sandboxes.find(DEFAULT_ID))!;
            const change: NewChange = {
              ...inForce(parts, sandbox),
              by: 'control',
              what: 'event',
              did: null,
              event: { ...input, event_id: taken.eventId, idempotency_key: taken.key } as Json,
            };
            const { event, isNew } = await parts.store.tenant(DEFAULT_ID).ingestEvent(taken, {
              at: taken.createdAt,
              bytes: JSON.stringify(change).length,
              data: { ...change },
            });
            if (isNew) parts.recorder.noteWritten(DEFAULT_ID);
            const status = isNew ? 'accepted' : 'duplicate';
            return answer({ status, idempotency_key: event.key, event_id: event.eventId }, 202);
          },
        }),
      },
    },
  ];
}

/** A webhook to this very server would have each delivery be the next event. @throws ControlError 400 */
function demandForeign({ tenant: { origin, allowedHosts } }: Context, url: string): void {
  const [to, own] = [new URL(url), new URL(origin)];
  const isLoopback = (one: URL): boolean => isLoopbackHost(one.hostname, allowedHosts);
  if (to.origin === own.origin || (to.port === own.port && isLoopback(to) && isLoopback(own)))
    throw new ControlError(400, 'invalid_request', 'url: this is an address of this server itself.');
}
