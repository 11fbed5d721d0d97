/** Plans: a client is taken through many scenarios, and graded over all of them. */
import { z } from 'zod';
import { compareItems, mergeReports } from '#lib/coach/merged.ts';
import { parseConfig } from '#lib/config/config.ts';
import { FEATURES, REVISIONS } from '#lib/config/scenarios/scenario.ts';
import { refusedBy } from '#lib/oauth/checks/redirect-policy.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import type { Context } from '#lib/oauth/context.ts';
import { isAbsoluteUri } from '#lib/spec/uri.ts';
import { chooseScenarios, unknownNames } from '#lib/sandbox/plans/choose.ts';
import { itemsOf, itemView, type Plan, PLAN_LIFE } from '#lib/sandbox/plans/plan.ts';
import { sandboxId } from '#lib/sandbox/sandboxes.ts';
import { MAX_TTL } from '#lib/spec/lifetimes.ts';
import { planAnswer, startedItemAnswer } from '#lib/spec/answers.ts';
import { reportAnswer } from '#lib/spec/report-answer.ts';
import { bearerToken, demandToken } from '../control.ts';
import { countCreation } from '../creating.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { planStream } from '../plan-stream.ts';
import { endPlan, findPlan, finishItem, itemReports, type LivePlan, startItem } from '../plans.ts';
import { operation, type Route } from '../route.ts';
import { acceptedFormat, formatted, reportFormats } from './control-reports.ts';
import { demandActing, knobsInput, shown } from '../sandbox-config.ts';

/** Whether an answer may be sent to it: absolute, without a fragment, and not executed by browsers. */
function mayReceive(uri: string): boolean {
  return isAbsoluteUri(uri) && refusedBy('any', uri, 'native') === null;
}

const createSchema = z
  .strictObject({
    revision: z.enum(REVISIONS).optional().describe('2026-07-28 by default, oauth for clients without MCP.'),
    kind: z.enum(['mcp', 'oauth']).optional().describe('mcp by default.'),
    features: z.array(z.enum(FEATURES)).max(FEATURES.length).optional().describe('What the client can do.'),
    scenarios: z.array(z.string().max(100)).min(1).max(200).optional().describe('Ids or groups; all by default.'),
    skip: z.array(z.string().max(100)).max(200).optional(),
    config: knobsInput.optional(),
    redirect_uris: z
      .array(z.string().max(2000).refine(mayReceive, { error: 'takes absolute URIs that an application receives' }))
      .max(20)
      .optional()
      .describe('For pre-registered clients.'),
    address: z.enum(['each', 'one']).default('each').describe('one: a single address that stays.'),
  })
  .refine(
    ({ revision, kind }) =>
      revision === undefined || kind === undefined || (revision === 'oauth') === (kind === 'oauth'),
    {
      path: ['kind'],
      message: 'does not go with the revision',
    },
  );
const reportQuery = z.object({
  format: z
    .enum(reportFormats, { error: 'takes json, junit, ctrf, markdown or badge' })
    .optional()
    .describe('Default: by Accept, else json.'),
  warnings: z.enum(['pass', 'fail']).optional().describe('fail: warnings are failures in JUnit.'),
});

export function planRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false } as const;
  const answer = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
  /** @throws ControlError 404, 401 */
  const open = async (ctx: Context, id = ''): Promise<LivePlan> => {
    const plan = await findPlan(parts, id);
    demandToken(parts.site, ctx.request, plan.record.controlTokenHash, 'the control token of this plan', ctx);
    return plan;
  };
  const view = ({ record, plan }: LivePlan): Record<string, unknown> => ({
    id: record.id,
    revision: plan.revision,
    address: plan.address,
    sandbox: plan.sandbox,
    created_at: new Date(record.createdAt).toISOString(),
    expires_at: new Date(record.expiresAt).toISOString(),
    items: plan.items.map(itemView),
  });

  return [
    {
      ...common,
      endpoint: 'plans',
      path: '/api/plans',
      methods: {
        POST: operation({
          id: 'createPlan',
          summary: 'Make a plan that takes a client through scenarios',
          input: createSchema,
          answers: { 201: { description: 'The plan, with its control token, shown this once.', schema: planAnswer } },
          async handle(ctx, { input }) {
            const unknown = unknownNames([...(input.scenarios ?? []), ...(input.skip ?? [])]);
            if (unknown.length > 0)
              throw new ControlError(
                400,
                'unknown_scenario',
                `There is no scenario and no group with the name ${JSON.stringify(unknown[0]!.slice(0, 100))}.`,
                { scenarios: unknown },
              );
            const { ownOrigins: ownOrigin } = parts.sandboxes;
            const place = { isPublic: parts.site.isPublic, isDefault: false, ownOrigin };
            const config = parseConfig(input.config ?? {}, place);
            if (!config.ok)
              throw new ControlError(400, 'invalid_config', config.faults.map(({ says }) => says).join(' '), {
                faults: config.faults,
              });
            await demandActing(config.overrides, ctx.tenant, input.redirect_uris);
            const headers = await countCreation(parts, ctx);
            const revision = input.revision ?? (input.kind === 'oauth' ? 'oauth' : '2026-07-28');
            const controlToken = parts.random(32);
            const shared =
              input.address === 'one' ? (await parts.sandboxes.create({ ttl: MAX_TTL, controlToken })).sandbox : null;
            const plan: Plan = {
              revision,
              address: input.address,
              config: config.overrides,
              redirectUris: input.redirect_uris ?? [],
              sandbox: shared?.record.id ?? null,
              items: itemsOf(
                chooseScenarios({
                  revision,
                  ownOrigin,
                  features: input.features,
                  scenarios: input.scenarios,
                  skip: input.skip,
                }),
              ),
            };
            const now = parts.wall();
            const record = {
              id: sandboxId(parts.random),
              controlTokenHash: sha256(controlToken),
              data: plan as unknown as Record<string, unknown>,
              createdAt: now,
              expiresAt: now + PLAN_LIFE,
              version: 1,
            };
            await parts.store.createPlan(record);
            return answer(
              {
                ...view({ record, plan }),
                control_token: controlToken,
                url: `${ctx.tenant.origin}/plans/${record.id}#control=${controlToken}`,
                ...(shared ? { mcp: shown(parts, shared, ctx.tenant.origin).mcp } : {}),
              },
              201,
              { location: `${ctx.tenant.origin}/api/plans/${record.id}`, ...headers },
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'plan',
      path: '/api/plans/:plan',
      methods: {
        GET: operation({
          id: 'readPlan',
          summary: 'The items of a plan, each with its state and what to do',
          answers: { 200: { description: 'The plan.', schema: planAnswer } },
          handle: async (ctx, { params }) => answer(view(await open(ctx, params.plan))),
        }),
        DELETE: operation({
          id: 'deletePlan',
          summary: 'End a plan with its sandboxes',
          answers: { 204: 'Ended.' },
          async handle(ctx, { params }) {
            await endPlan(parts, await open(ctx, params.plan));
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'plan-start',
      path: '/api/plans/:plan/items/:scenario/start',
      methods: {
        POST: operation({
          id: 'startPlanItem',
          summary: 'Open an item: make its sandbox, or reset the one of the plan into the scenario',
          input: z.looseObject({}),
          answers: { 201: { description: 'The sandbox of the item.', schema: startedItemAnswer }, 409: 'Not now.' },
          async handle(ctx, { params }) {
            const { record } = await open(ctx, params.plan);
            const token = bearerToken(ctx.request)!;
            const scenario = params.scenario ?? '';
            const { sandbox, clients } = await startItem(parts, ctx, record.id, scenario, token);
            const { id, issuer, mcp, config } = shown(parts, sandbox, ctx.tenant.origin);
            const { plan } = await findPlan(parts, record.id);
            const item = plan.items.find((one) => one.scenario === scenario)!;
            return answer(
              {
                id,
                mcp,
                issuer,
                control_token: token,
                clients,
                inspect_url: `${ctx.tenant.origin}/sandbox/${String(id)}#control=${token}`,
                config,
                do: itemView(item).do,
              },
              201,
            );
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'plan-finish',
      path: '/api/plans/:plan/items/:scenario/finish',
      methods: {
        POST: operation({
          id: 'finishPlanItem',
          summary: 'Close the runs of an item',
          input: z.looseObject({}),
          query: reportQuery,
          answers: { 200: { description: 'The report of the item.', schema: reportAnswer }, 409: 'It is not open.' },
          async handle(ctx, { params, query }) {
            const { record } = await open(ctx, params.plan);
            const report = await finishItem(parts, ctx, record.id, params.scenario ?? '');
            return formatted([report], query.format ?? acceptedFormat(ctx.request), {
              warnings: query.warnings,
              version: parts.site.version,
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'plan-report',
      path: '/api/plans/:plan/report',
      methods: {
        GET: operation({
          id: 'getPlanReport',
          summary: 'One report over all items: a verdict is the worst of its items',
          query: reportQuery,
          answers: {
            200: { description: 'The report; XML, Markdown or SVG in the other formats.', schema: reportAnswer },
          },
          async handle(ctx, { params, query }) {
            const { record } = await open(ctx, params.plan);
            const items = await itemReports(parts, ctx, record.id);
            const merged = mergeReports(items);
            if (merged === null)
              throw new ControlError(409, 'conflict', 'No item of this plan was started yet, so there is no report.');
            const format = query.format ?? acceptedFormat(ctx.request);
            const perItem = format === 'junit' || format === 'ctrf';
            return formatted(perItem ? compareItems(items).map(({ report }) => report) : [merged], format, {
              warnings: query.warnings,
              version: parts.site.version,
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'plan-stream',
      path: '/api/plans/:plan/stream',
      methods: {
        GET: operation({
          id: 'streamPlan',
          summary: 'The plan, live: an event at each change of an item',
          answers: {
            200: {
              description: 'Server-sent events: plan, with the plan as it is then.',
              types: ['text/event-stream'],
            },
            429: 'Limit reached: streams of this plan.',
          },
          async handle(ctx, { params }) {
            const { record } = await open(ctx, params.plan);
            const stream = planStream(record.id, async () => view(await findPlan(parts, record.id)));
            if (stream === null) throw new ControlError(429, 'limit_exceeded', 'Limit reached: 10 streams per plan.');
            return new Response(stream, {
              headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
            });
          },
        }),
      },
    },
  ];
}
