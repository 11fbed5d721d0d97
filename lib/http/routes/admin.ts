/** The operator's API: the instance as a whole, with the admin token. */
import { z } from 'zod';
import { operatorOperation } from '../operator-operation.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { busiest } from '../busy.ts';
import { withHashedAddresses } from '../elsewhere.ts';
import { ControlError } from '../errors.ts';
import { historyBegin, refusedInADay, sandboxesADayAgo, volumeFullAt } from '../history.ts';
import type { Parts } from '../parts.ts';
import { endPlan, findPlan } from '../plans.ts';
import type { Route } from '../route.ts';
import { adminSandboxRoutes, common } from './admin-sandboxes.ts';
import {
  busiestOf,
  instanceAnswer,
  answer,
  iso,
  pageQuery,
  reportQuery,
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

  const operator = operatorOperation(parts);

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
            const { instances, figures } = await parts.elsewhere();
            const sumOf = (name: 'memory' | 'streams', own: number): number =>
              figures.reduce((sum, each) => sum + each[name], own);
            const [{ bytes, reportBytes, ...totals }, counts, volume, minute, busy, samples] = await Promise.all([
              parts.store.countAll(now),
              parts.store.countLastUses(now, BAR, BARS),
              parts.room.volume(),
              parts.metrics.glance(figures.map((each) => each.minute)),
              parts.sums.busy(),
              parts.store.listSamples(historyBegin(now)),
            ]);
            const refused = refusedInADay(samples, now, minute.unsaved.refused, started);
            const fullAt = volumeFullAt(samples, now, volume);
            const together = busiest([
              ...withHashedAddresses(busy, ctx.tenant.secret),
              ...figures.flatMap((each) => each.busy),
            ]);
            return answer({
              version: parts.site.version,
              up_seconds: Math.round((now - started) / 1000),
              origin: ctx.tenant.origin,
              public: parts.site.isPublic,
              database: { kind: parts.store.pool === null ? 'SQLite' : 'PostgreSQL', bytes, volume },
              rate_limits: parts.limiter.on,
              trusted_proxies: parts.site.trustProxy,
              instances: instances + 1,
              memory_bytes: sumOf('memory', await parts.sums.memory()),
              memory_limit_bytes: parts.room.memory(),
              max_sandboxes: parts.site.maxSandboxes,
              totals: { ...totals, report_bytes: reportBytes },
              traffic: {
                ...minute.glance,
                refused: { count: refused.count, since: iso(refused.since) },
                streams: sumOf('streams', await parts.sums.streams()),
                busiest: busiestOf(minute.glance, together),
              },
              a_day_ago: { sandboxes: sandboxesADayAgo(samples, now) },
              volume_full_at: fullAt === null ? null : iso(fullAt),
              last_uses: { seconds: BAR / 1000, counts },
            });
          },
        }),
      },
    },
    ...adminSandboxRoutes(parts),
    {
      ...common,
      endpoint: 'admin-reports',
      path: '/api/admin/reports',
      methods: {
        GET: operator({
          id: 'listKeptReports',
          summary: 'Kept reports by age',
          query: reportQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ reports: z.array(z.looseObject({ id: z.string() })) }),
          },
          async handle(_, { order, page: at, limit: many }) {
            const oldestFirst = order === 'oldest';
            const reports = await parts.store.listReports({ offset: (at - 1) * many, limit: many, oldestFirst });
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
          summary: 'What happened lately at all instances, newest first',
          answer: {
            description: 'The latest 200 events, whichever process noted them; those of other instances 10 s later.',
            schema: z.object({
              events: z.array(
                z.object({ at: z.string(), says: z.string(), sandbox: z.string().nullable(), seq: z.int() }),
              ),
            }),
          },
          async handle() {
            const { figures } = await parts.elsewhere();
            return answer({ events: await parts.tail.read(figures.flatMap(({ tail }) => tail)) });
          },
        }),
      },
    },
  ];
}
