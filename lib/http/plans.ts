/** Plans at work: their sandboxes, runs and reports. */
import { elapsed } from '#lib/spec/timers.ts';
import { keepReport, type ItemReport, type KeptReport, restoreReport } from '#lib/coach/merged.ts';
import { type PathRow, pathRows } from '#lib/coach/path.ts';
import type { Report } from '#lib/coach/types.ts';
import { type Scenario, scenario as scenarioById } from '#lib/config/scenarios/index.ts';
import { handoutOf } from '#lib/oauth/clients/handouts.ts';
import type { Context } from '#lib/oauth/context.ts';
import { forgetFaults } from '#lib/sandbox/faults/acting.ts';
import { itemConfig, MOST_OPEN, openBeside, type Plan, withItem } from '#lib/sandbox/plans/plan.ts';
import { forgetQueues } from '#lib/sandbox/queues.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { MAX_TTL } from '#lib/spec/lifetimes.ts';
import type { ConnectionDetails } from '#lib/sandbox/seed/clients.ts';
import { seedConfigured } from '#lib/sandbox/seed/seed.ts';
import { seedTargetOf } from '#lib/sandbox/seed/target.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import type { PlanRecord } from '#lib/store/store.ts';
import { ControlError } from './errors.ts';
import { closeRuns } from './grading.ts';
import type { Parts } from './parts.ts';
import { reportFor } from './routes/control-reports.ts';

/** A plan with its record. */
export interface LivePlan {
  readonly record: PlanRecord;
  readonly plan: Plan;
}

const planOf = (record: PlanRecord): LivePlan => ({ record, plan: record.data as unknown as Plan });

/** Where the report of an item that is done is kept: beside the plan, under its name. */
const reportId = (plan: string, scenario: string): string => `${plan}/${scenario}`;

/** How often a change is worked out again because another request was quicker. */
const ATTEMPTS = 20;

/** Finds a plan. @throws ControlError 404 */
export async function findPlan(parts: Parts, id: string): Promise<LivePlan> {
  const record = id.includes('/') ? null : await parts.store.getPlan(id);
  if (record === null || record.expiresAt <= parts.wall())
    throw new ControlError(404, 'not_found', 'There is no plan with this id, or it has expired.');
  return planOf(record);
}

/** Changes a plan by what it is at that moment; of changes that come at once none is lost. */
export async function changePlan(parts: Parts, id: string, how: (plan: Plan) => Plan): Promise<LivePlan> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { record, plan } = await findPlan(parts, id);
    const data = how(plan) as unknown as PlanRecord['data'];
    const changed = await parts.store.updatePlan(id, data, record.version);
    if (changed !== null) return planOf(changed);
  }
  throw new Error(`The plan ${id} changes all the time.`);
}

/** The context of a request, as if it were made to a sandbox. */
export function contextOf(parts: Parts, ctx: Context, sandbox: LiveSandbox): Context {
  return { ...ctx, tenant: tenantOf(parts, sandbox, ctx.tenant.origin, null) };
}

/** A sandbox that an item was started in. */
export interface StartedItem {
  readonly sandbox: LiveSandbox;
  readonly clients: readonly ConnectionDetails[];
}

/**
 * Opens an item: makes its sandbox, or resets the one that all items share.
 * @param controlToken of the plan; also steers its sandboxes
 * @throws ControlError 404, 409 if it cannot be opened now
 */
export async function startItem(
  parts: Parts,
  ctx: Context,
  id: string,
  scenario: string,
  controlToken: string,
): Promise<StartedItem> {
  const known = demandItem(await findPlan(parts, id), scenario);
  // Marked first: of two that open items at once, only as many get through as may be open.
  await changePlan(parts, id, (plan) => {
    demandRoom(plan, scenario);
    return withItem(plan, scenario, { state: 'running' });
  });
  try {
    return await openItem(parts, ctx, id, known, controlToken);
  } catch (error) {
    await changePlan(parts, id, (plan) => withItem(plan, scenario, { state: 'waiting' }));
    throw error;
  }
}

async function openItem(
  parts: Parts,
  ctx: Context,
  id: string,
  known: Scenario,
  controlToken: string,
): Promise<StartedItem> {
  const { plan } = await findPlan(parts, id);
  const startedAt = parts.wall();
  const sandbox =
    plan.sandbox === null
      ? await freshSandbox(parts, plan, known, controlToken)
      : await sharedSandbox(parts, plan, plan.sandbox, known);
  await parts.store.deletePlan(reportId(id, known.id));
  await changePlan(parts, id, (now) =>
    withItem(now, known.id, { sandbox: sandbox.record.id, startedAt, summary: undefined }),
  );
  const { tenant } = contextOf(parts, ctx, sandbox);
  const clients = await seedConfigured(seedTargetOf(tenant));
  forgetFaults(sandbox);
  forgetQueues(sandbox);
  return {
    sandbox,
    clients: await Promise.all(
      clients.map(async (client) => ({ ...client, ...(await handoutOf(tenant, client.client_id)) })),
    ),
  };
}

function demandItem({ plan }: LivePlan, scenario: string): Scenario {
  const item = plan.items.find((one) => one.scenario === scenario);
  const known = scenarioById(scenario);
  if (item === undefined || known === undefined)
    throw new ControlError(404, 'not_found', 'The plan has no item for this scenario.');
  if (item.state === 'skipped') throw new ControlError(409, 'conflict', `This item is left out: ${item.why}`);
  return known;
}

function demandRoom(plan: Plan, scenario: string): void {
  const open = openBeside(plan, scenario);
  if (plan.sandbox !== null && open.length > 0)
    throw new ControlError(409, 'conflict', `All items share one address, and ${open[0]} is open: finish it first.`);
  if (open.length >= MOST_OPEN)
    throw new ControlError(409, 'limit_exceeded', `Limit reached: ${MOST_OPEN} open items per plan.`);
}

async function freshSandbox(parts: Parts, plan: Plan, known: Scenario, controlToken: string): Promise<LiveSandbox> {
  const before = plan.items.find(({ scenario }) => scenario === known.id)?.sandbox;
  if (before !== undefined) await dropSandbox(parts, before);
  const { sandbox } = await parts.sandboxes.create({
    scenario: known.id,
    config: itemConfig(plan, known, parts.sandboxes.ownOrigins),
    ttl: MAX_TTL,
    controlToken,
  });
  return sandbox;
}

async function sharedSandbox(parts: Parts, plan: Plan, id: string, known: Scenario): Promise<LiveSandbox> {
  parts.recorder.drop(id);
  await parts.recorder.settle(id);
  await parts.sandboxes.reset(id);
  const sandbox = await parts.sandboxes.update(id, () => ({
    scenario: known.id,
    config: itemConfig(plan, known, parts.sandboxes.ownOrigins),
  }));
  if (sandbox === null) throw new ControlError(404, 'not_found', 'The sandbox of this plan has expired.');
  const { configChange, scenario, epoch } = sandbox.record;
  parts.recorder.recordChange(
    id,
    {
      kind: 'change',
      at: new Date(parts.wall()).toISOString(),
      monotonic: performance.timeOrigin + elapsed(),
      by: 'control',
      what: 'reset',
      config: configChange,
      scenario,
      did: null,
    },
    epoch,
  );
  return sandbox;
}

/** Deletes a sandbox with its record. */
export async function dropSandbox(parts: Parts, id: string): Promise<void> {
  parts.recorder.drop(id);
  await parts.sandboxes.delete(id);
}

/**
 * Closes the runs of an item, and keeps its report.
 * @throws ControlError 404, 409 if the item is not open
 */
export async function finishItem(parts: Parts, ctx: Context, id: string, scenario: string): Promise<Report> {
  const { record, plan } = await findPlan(parts, id);
  const item = plan.items.find((one) => one.scenario === scenario);
  if (item === undefined) throw new ControlError(404, 'not_found', 'The plan has no item for this scenario.');
  if (item.state === 'done') {
    const kept = await keptReport(parts, id, scenario);
    if (kept !== null) return kept.report;
  }
  if (item.state !== 'running' || item.sandbox === undefined)
    throw new ControlError(409, 'conflict', `This item is not open: it is ${item.state}.`);
  const current = await currentReport(parts, ctx, item.sandbox, true);
  if (current === null) throw new ControlError(404, 'not_found', 'The sandbox of this item has expired.');
  const { report, path } = current;
  await parts.store.deletePlan(reportId(id, scenario));
  await parts.store.createPlan({
    ...record,
    id: reportId(id, scenario),
    data: { ...keepReport(report), path } as unknown as PlanRecord['data'],
    createdAt: parts.wall(),
    version: 1,
  });
  await changePlan(parts, id, (now) =>
    withItem(now, scenario, { state: 'done', summary: report.summary as unknown as Record<string, unknown> }),
  );
  return report;
}

/** A report, and what the client did. */
type Graded = Pick<ItemReport, 'report' | 'path'>;

async function currentReport(parts: Parts, ctx: Context, id: string, close: boolean): Promise<Graded | null> {
  const sandbox = await parts.sandboxes.find(id);
  if (sandbox === null) return null;
  const there = contextOf(parts, ctx, sandbox);
  if (close) await closeRuns(parts, there);
  const report = await reportFor(parts, there, {});
  const { first, last } = report.run;
  const entries = first === null ? [] : await parts.recorder.listEntries(id, { after: first - 1, limit: 200 });
  return { report, path: pathRows(entries.filter(({ seq }) => seq <= (last ?? 0))) };
}

async function keptReport(parts: Parts, id: string, scenario: string): Promise<Graded | null> {
  const record = await parts.store.getPlan(reportId(id, scenario));
  if (record === null) return null;
  const { path = [], ...kept } = record.data as unknown as KeptReport & { readonly path?: readonly PathRow[] };
  return { report: restoreReport(kept), path };
}

/** The reports of all items that were opened, in the order of the plan. */
export async function itemReports(parts: Parts, ctx: Context, id: string): Promise<ItemReport[]> {
  const { plan } = await findPlan(parts, id);
  const reports: ItemReport[] = [];
  for (const { scenario, state, sandbox } of plan.items) {
    if (state !== 'done' && state !== 'running') continue;
    const graded =
      state === 'done'
        ? await keptReport(parts, id, scenario)
        : sandbox === undefined
          ? null
          : await currentReport(parts, ctx, sandbox, false);
    if (graded !== null) reports.push({ scenario, ...graded });
  }
  return reports;
}

/** Ends a plan with its sandboxes and reports. */
export async function endPlan(parts: Parts, { record, plan }: LivePlan): Promise<void> {
  for (const { scenario, sandbox } of plan.items) {
    await parts.store.deletePlan(reportId(record.id, scenario));
    if (sandbox !== undefined && plan.sandbox === null) await dropSandbox(parts, sandbox);
  }
  if (plan.sandbox !== null) await dropSandbox(parts, plan.sandbox);
  await parts.store.deletePlan(record.id);
}
