/** A plan: a client is taken through many scenarios, one item each. */
import type { ConfigOverrides } from '#lib/config/config.ts';
import { secondsOf } from '#lib/config/scenarios/drive.ts';
import { type Scenario, scenario as scenarioById } from '#lib/config/scenarios/index.ts';
import type { Revision } from '#lib/config/scenarios/scenario.ts';
import type { Choice } from './choose.ts';

/** Items that may be open at once; one, if they share an address. */
export const MOST_OPEN = 10;
/** ms that a plan lives. */
export const PLAN_LIFE = 604_800_000;

export type ItemState = 'waiting' | 'running' | 'done' | 'skipped';

/** One scenario of a plan, as it is kept. */
export interface PlanItem {
  readonly scenario: string;
  readonly state: ItemState;
  /** Why it is skipped. */
  readonly why?: string;
  /** Id of its sandbox. */
  readonly sandbox?: string;
  /** When it was opened last, ms since the epoch, by the clock that its exchanges are stamped with. */
  readonly startedAt?: number;
  readonly summary?: Readonly<Record<string, unknown>>;
}

/** A plan, as it is kept. */
export interface Plan {
  readonly revision: Revision;
  /** `one`: a sandbox whose address stays; `each`: a sandbox an item. */
  readonly address: 'one' | 'each';
  /** Laid over every item. */
  readonly config: ConfigOverrides;
  /** For pre-registered clients. */
  readonly redirectUris: readonly string[];
  /** Id of the one sandbox; null with an address each. */
  readonly sandbox: string | null;
  readonly items: readonly PlanItem[];
}

/** The items of a new plan. */
export function itemsOf(choices: readonly Choice[]): PlanItem[] {
  return choices.map(({ scenario, why }) =>
    why === null ? { scenario: scenario.id, state: 'waiting' } : { scenario: scenario.id, state: 'skipped', why },
  );
}

/** The plan with one item changed. */
export function withItem(plan: Plan, scenario: string, change: Partial<PlanItem>): Plan {
  return { ...plan, items: plan.items.map((item) => (item.scenario === scenario ? { ...item, ...change } : item)) };
}

/** Items that are open, beside this one. */
export function openBeside({ items }: Plan, scenario: string): string[] {
  return items.filter((item) => item.state === 'running' && item.scenario !== scenario).map((item) => item.scenario);
}

/**
 * The configuration of an item, over that of its scenario: the plan's own, consent by itself unless the scenario
 * decides it, and redirect URIs for clients that have none.
 */
export function itemConfig(plan: Plan, scenario: Scenario, ownOrigin: boolean): ConfigOverrides {
  const own = ownOrigin ? scenario.configOwnOrigin : scenario.config;
  const decided = 'consent.outcome' in own || 'device.outcome' in own;
  const { redirectUris } = plan;
  const clients = own.clients?.map((client) =>
    client.redirect_uris === undefined && redirectUris.length > 0
      ? { ...client, redirect_uris: [...redirectUris] }
      : client,
  );
  return {
    ...(decided ? {} : { 'consent.outcome': 'approve' as const }),
    ...(clients === undefined ? {} : { clients }),
    ...plan.config,
  };
}

/** An item as the control API tells of it. */
export function itemView({ startedAt, ...item }: PlanItem): Record<string, unknown> {
  const scenario = scenarioById(item.scenario);
  return {
    ...item,
    ...(startedAt === undefined ? {} : { started_at: new Date(startedAt).toISOString() }),
    title: scenario?.title ?? item.scenario,
    ...(scenario
      ? {
          do: scenario.drive,
          judged_by: scenario.judgedBy,
          not_judged: scenario.notJudged,
          seconds: secondsOf(scenario),
        }
      : {}),
  };
}
