/**
 * The knob `stages`: changes of behaviour that happen once, when an event has occurred often enough.
 * A stage fires after the exchange that completes its count, and is shown there.
 */
import type { Context, Tenant } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { type ConfigOverrides, parseConfig, type SandboxConfig } from '#lib/config/config.ts';
import type { Stage, StageAction, StageEvent } from '#lib/config/stage.ts';

/** What happened, by the exchange. @param endpoint name in the record */
export function eventsOf(ctx: Context, endpoint: string, response: Response): StageEvent[] {
  const { status } = response;
  const withToken = ctx.request.headers.has('authorization');
  switch (endpoint) {
    case 'prm':
    case 'as-metadata':
      return status === 200 ? ['metadata-fetch'] : [];
    case 'register':
      return status === 201 ? ['register'] : [];
    case 'authorize':
      return ['authorize-request'];
    case 'token':
      return status === 200
        ? ctx.body.form?.get('grant_type') === 'refresh_token'
          ? ['token-issued', 'refresh']
          : ['token-issued']
        : [];
    case 'mcp': {
      const isTool = (ctx.body.json as { method?: unknown } | null | undefined)?.method === 'tools/call';
      return withToken
        ? [...(status === 401 ? [] : (['authenticated-call'] as const)), ...(isTool ? (['tool-call'] as const) : [])]
        : [];
    }
    default:
      return [];
  }
}

/** What a stage does to the sandbox; the rest is done here. */
export interface Stagehand {
  /** All issuers of the sandbox. */
  readonly issuers: readonly Tenant[];
  /** Puts knobs over the configuration. */
  set(knobs: ConfigOverrides): Promise<void>;
}

/**
 * Counts the events of an exchange, and fires the stages that are due.
 * @param tenant the sandbox's own issuer
 * @returns the numbers of the stages that fired, from 0
 */
export async function runStages(
  tenant: Tenant,
  events: readonly StageEvent[],
  hand: () => Stagehand,
): Promise<number[]> {
  const { stages } = tenant.config;
  if (stages.length === 0 || events.length === 0) return [];
  const edition = sha256(JSON.stringify(stages)).slice(0, 12);
  const fired: number[] = [];
  for (const [index, stage] of stages.entries()) {
    if (!events.includes(stage.after.event)) continue;
    if ((await tenant.store.count(`stage:${edition}:${index}`)) !== stage.after.count) continue;
    await fire(stage, hand());
    fired.push(index);
  }
  return fired;
}

async function fire(stage: Stage, hand: Stagehand): Promise<void> {
  for (const action of stage.do ?? []) for (const issuer of hand.issuers) await act(action, issuer);
  if (stage.set === undefined) return;
  const set = parseConfig(stage.set);
  if (set.ok) await hand.set(set.overrides);
}

async function act(action: StageAction, tenant: Tenant): Promise<void> {
  const { store } = tenant;
  switch (action) {
    case 'expire-access-tokens':
      return store.endAccessTokens('expire', tenant.now());
    case 'revoke-access-tokens':
      return store.endAccessTokens('revoke', tenant.now());
    case 'rotate-keys': {
      const { rotateKeys } = await import('#lib/oauth/keys/ring.ts');
      await rotateKeys(tenant);
      return;
    }
    case 'revoke-grants': {
      for (let before: number | undefined; ; ) {
        const grants = await store.listGrants({ limit: 200, ...(before === undefined ? {} : { before }) });
        for (const grant of grants) await store.revokeGrant(grant.id, 'revoked-by-stage', tenant.now());
        const last = grants.at(-1)?.createdAt;
        if (grants.length < 200 || last === undefined || last === before) return;
        before = last;
      }
    }
    case 'forget-clients': {
      for (;;) {
        const clients = await store.listClients({ limit: 200 });
        for (const client of clients) await store.deleteClient(client.clientId, tenant.now());
        if (clients.length < 200) return;
      }
    }
  }
}

/** Whether a configuration has stages at all: asked for each request. */
export function hasStages(config: SandboxConfig): boolean {
  return config.stages.length > 0;
}
