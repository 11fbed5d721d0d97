/** The operator's API: the instance as a whole, with the admin token. */
import { z } from 'zod';
import { operatorOperation } from '../operator-operation.ts';
import { plainName } from '#lib/oauth/interaction/display.ts';
import { masking } from '#lib/recorder/view.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { MAX_TTL } from '#lib/spec/lifetimes.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { endPlan, findPlan } from '../plans.ts';
import type { Route } from '../route.ts';
import {
  instanceAnswer,
  answer,
  sandboxQuery,
  summary,
  iso,
  pageQuery,
  listQuery,
  planSummary,
  planSummaryOf,
  userView,
  clientView,
} from '../admin-answers.ts';

/** The picture of last uses: half an hour a bar, for a day. */
const BAR = 1_800_000;

const BARS = 48;

/** @param parts of the instance */
export function adminRoutes(parts: Parts): readonly Route[] {
  const started = parts.wall();
  const common = { scope: 'origin', cors: 'none', recorded: false, limit: 600 } as const;
  const operator = operatorOperation(parts);
  const sandboxOf = async (id: string) => {
    const record = await parts.store.getSandbox(id);
    if (record === null)
      throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
    return record;
  };

  return [
    {
      ...common,
      endpoint: 'admin-instance',
      path: '/api/admin/instance',
      methods: {
        GET: operator({
          id: 'readInstance',
          summary: 'The instance: version, database, traffic, and how much there is of everything',
          answer: { description: 'The instance.', schema: instanceAnswer },
          async handle(ctx) {
            const now = parts.wall();
            const [{ bytes, reportBytes, ...totals }, counts] = await Promise.all([
              parts.store.countAll(now),
              parts.store.countLastUses(now, BAR, BARS),
            ]);
            return answer({
              version: parts.site.version,
              up_seconds: Math.round((now - started) / 1000),
              origin: ctx.tenant.origin,
              public: parts.site.isPublic,
              database: { kind: parts.store.pool === null ? 'SQLite' : 'PostgreSQL', bytes },
              rate_limits: parts.limiter.on,
              trusted_proxies: parts.site.trustProxy,
              memory_bytes: await parts.sums.memory(),
              max_sandboxes: parts.site.maxSandboxes,
              totals: { ...totals, report_bytes: reportBytes },
              traffic: { ...(await parts.metrics.glance()), streams: await parts.sums.streams() },
              last_uses: { seconds: BAR / 1000, counts },
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-sandboxes',
      path: '/api/admin/sandboxes',
      methods: {
        GET: operator({
          id: 'findSandboxes',
          summary: 'Sandboxes, the latest used first',
          query: sandboxQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ total: z.int(), page: z.int(), sandboxes: z.array(summary) }),
          },
          async handle(_, { search, used_within, page: at, limit: many }) {
            const now = parts.wall();
            const { total, sandboxes } = await parts.store.findSandboxes(now, {
              search: search.trim(),
              usedSince: used_within === 0 ? 0 : now - used_within * 1000,
              offset: (at - 1) * many,
              limit: many,
            });
            return answer({
              total,
              page: at,
              sandboxes: sandboxes.map((one) => ({
                id: one.id,
                scenario: one.scenario,
                client: plainName(one.client),
                created_at: iso(one.createdAt),
                last_used_at: iso(one.lastUsedAt),
                expires_at: one.expiresAt === null ? null : iso(one.expiresAt),
                exchanges: one.exchanges,
                bytes: one.bytes,
              })),
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-sandbox',
      path: '/api/admin/sandboxes/:id',
      methods: {
        GET: operator({
          id: 'lookInside',
          summary: 'Look inside a sandbox: its latest exchanges, with secrets masked. Noted among the events',
          answer: {
            description: 'The exchanges.',
            schema: z.object({ id: z.string(), exchanges: z.array(z.looseObject({})) }),
          },
          async handle(_, __, { id = '' }) {
            const { secret } = await sandboxOf(id);
            const last = await parts.store.tenant(id).lastExchangeSeq();
            const entries = await parts.recorder.list(id, { after: Math.max(0, last - 50), limit: 50 });
            parts.tail.note({ says: 'The operator looked inside', sandbox: id });
            return answer({ id, exchanges: entries.map((entry) => masking(secret).entry(entry)) });
          },
        }),
        DELETE: operator({
          id: 'dropSandbox',
          summary: 'Delete a sandbox',
          status: 204,
          answer: 'Deleted.',
          async handle(_, __, { id = '' }) {
            if (id === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default cannot be deleted; it can be reset.');
            if (!(await parts.sandboxes.delete(id)))
              throw new ControlError(404, 'not_found', 'There is no sandbox with this id.');
            parts.recorder.drop(id);
            parts.tail.note({ says: 'The operator deleted it', sandbox: id });
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-keep',
      path: '/api/admin/sandboxes/:id/keep',
      methods: {
        POST: operator({
          id: 'keepSandboxLonger',
          summary: 'Keep a sandbox for a week after its last use',
          answer: {
            description: 'When it expires.',
            schema: z.object({ id: z.string(), expires_at: z.string().nullable() }),
          },
          async handle(_, __, { id = '' }) {
            if (id === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default does not expire.');
            const kept = await parts.sandboxes.update(id, () => ({ ttl: MAX_TTL }));
            if (kept === null) throw new ControlError(404, 'not_found', 'There is no sandbox with this id.');
            parts.tail.note({ says: 'The operator keeps it for a week', sandbox: id });
            const { expiresAt } = kept.record;
            return answer({ id, expires_at: expiresAt === null ? null : iso(expiresAt) });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-reports',
      path: '/api/admin/reports',
      methods: {
        GET: operator({
          id: 'listKeptReports',
          summary: 'Kept reports, newest first',
          query: pageQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ reports: z.array(z.looseObject({ id: z.string() })) }),
          },
          async handle(_, { page: at, limit: many }) {
            const reports = await parts.store.listReports({ offset: (at - 1) * many, limit: many });
            return answer({
              reports: reports.map((one) => ({
                id: one.id,
                sandbox: one.sandboxId,
                bytes: one.bytes,
                created_at: iso(one.createdAt),
                expires_at: iso(one.expiresAt),
                read_at: iso(one.readAt),
              })),
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-report',
      path: '/api/admin/reports/:id',
      methods: {
        DELETE: operator({
          id: 'dropKeptReport',
          summary: 'Delete a kept report',
          status: 204,
          answer: 'Deleted.',
          async handle(_, __, { id = '' }) {
            if (!(await parts.store.deleteReport(id)))
              throw new ControlError(404, 'not_found', 'There is no report with this id.');
            parts.tail.note({ says: 'The operator deleted a kept report', sandbox: null });
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-plans',
      path: '/api/admin/plans',
      methods: {
        GET: operator({
          id: 'listPlans',
          summary: 'Plans, the latest first, and how far each is',
          query: pageQuery,
          answer: { description: 'A page of them.', schema: z.object({ plans: z.array(planSummary) }) },
          async handle(_, { page: at, limit: many }) {
            const plans = await parts.store.listPlans(parts.wall(), { offset: (at - 1) * many, limit: many });
            return answer({ plans: plans.map((record) => planSummaryOf(record)) });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-plan',
      path: '/api/admin/plans/:plan',
      methods: {
        DELETE: operator({
          id: 'dropPlan',
          summary: 'End a plan, with its sandboxes and reports',
          status: 204,
          answer: 'Ended.',
          async handle(_, __, { plan = '' }) {
            await endPlan(parts, await findPlan(parts, plan));
            parts.tail.note({ says: 'The operator ended a plan', sandbox: null });
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-users',
      path: '/api/admin/users',
      methods: {
        GET: operator({
          id: 'listDefaultUsers',
          summary: 'Users of default, by subject',
          query: listQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ users: z.array(z.looseObject({ sub: z.string() })) }),
          },
          handle: async (_, { after, limit: many }) =>
            answer({ users: (await parts.store.tenant(DEFAULT_ID).listUsers({ after, limit: many })).map(userView) }),
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-clients',
      path: '/api/admin/clients',
      methods: {
        GET: operator({
          id: 'listDefaultClients',
          summary: 'Clients of default, by identifier',
          query: listQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ clients: z.array(z.looseObject({ client_id: z.string() })) }),
          },
          handle: async (_, { after, limit: many }) =>
            answer({
              clients: (await parts.store.tenant(DEFAULT_ID).listClients({ after, limit: many })).map(clientView),
            }),
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-client',
      path: '/api/admin/clients/:client',
      methods: {
        DELETE: operator({
          id: 'dropDefaultClient',
          summary: 'Delete a client of default, with its grants',
          status: 204,
          answer: 'Deleted.',
          async handle(ctx, _, { client = '' }) {
            if (!(await parts.store.tenant(DEFAULT_ID).deleteClient(client, ctx.tenant.now())))
              throw new ControlError(404, 'not_found', 'There is no client with this identifier.');
            parts.tail.note({ says: 'The operator deleted a client', sandbox: DEFAULT_ID });
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-events',
      path: '/api/admin/events',
      methods: {
        GET: operator({
          id: 'readTail',
          summary: 'What this instance did lately, newest first',
          answer: {
            description: 'The latest 200 events of this start, whichever of its workers noted them.',
            schema: z.object({
              events: z.array(
                z.object({ at: z.string(), says: z.string(), sandbox: z.string().nullable(), seq: z.int() }),
              ),
            }),
          },
          handle: async () => answer({ events: await parts.tail.read() }),
        }),
      },
    },
  ];
}
