/** What the coach needs to grade the clients of a sandbox, gathered from the parts. */
import { defaults } from '#lib/config/config.ts';
import { scenarioFacts } from '#lib/coach/facts.ts';
import type { CoachInput, KnownClient } from '#lib/coach/input.ts';
import { ledgerFacts } from '#lib/recorder/facts.ts';
import type { Context } from '#lib/oauth/context.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import type { ClientRecord, TenantStore } from '#lib/store/store.ts';
import { ControlError } from './errors.ts';
import type { Parts } from './parts.ts';

/** Where the ends of runs are kept. */
const FINALS = 'report-final';
/** Clients that are looked at. */
const MOST_CLIENTS = 1000;

/**
 * The ledger of a sandbox with all that is known beside it.
 * @throws ControlError 404 if the sandbox is gone
 */
export async function gradingOf(parts: Parts, ctx: Context): Promise<CoachInput> {
  const { sandboxId, origin, base, issuer } = ctx.tenant;
  const sandbox = await parts.sandboxes.find(sandboxId);
  if (sandbox === null)
    throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
  const store = parts.store.tenant(sandboxId);
  const [entries, clients, finals, facts] = await Promise.all([
    parts.recorder.listEntries(sandboxId, { after: 0, limit: 500 }),
    knownClients(parts, sandbox),
    finalsOf(store),
    ledgerFacts(parts.store, sandboxId, sandbox.ownOrigin !== null),
  ]);
  const { record, config } = sandbox;
  return {
    entries,
    now: parts.wall(),
    sandbox: {
      id: sandboxId,
      origin,
      base,
      issuer,
      inspectUrl: `${origin}/sandbox/${sandboxId}`,
      ownOrigin: sandbox.ownOrigin !== null,
      scenario: record.scenario,
      configNumber: record.configChange,
      config,
      defaults,
      createdAt: record.createdAt,
    },
    clients,
    scenarios: scenarioFacts(sandbox.ownOrigin !== null),
    finals,
    memory: {
      prm: facts.seen.prm,
      asMetadata: facts.seen.as_metadata,
      forgottenClients: facts.forgotten_clients,
      firstKept: facts.first_kept ?? 1,
    },
  };
}

async function knownClients(parts: Parts, sandbox: LiveSandbox): Promise<readonly KnownClient[]> {
  const { id } = sandbox.record;
  const scopes = [id, ...sandbox.config.issuers.map((label) => `${id}/${label}`)];
  const found = await Promise.all(
    scopes.map((scope) => parts.store.tenant(scope).listClients({ limit: MOST_CLIENTS })),
  );
  return found.flat().map(known);
}

function known({ clientId, source, metadata, authMethods }: ClientRecord): KnownClient {
  return {
    clientId,
    source: source === 'preregistered' ? 'pre-registered' : source,
    method: authMethods.length > 1 ? null : metadata.token_endpoint_auth_method,
    redirectUris: metadata.redirect_uris,
    grantTypes: metadata.grant_types,
    name: metadata.client_name ?? null,
  };
}

async function finalsOf(store: TenantStore): Promise<{ seq: number; at: number }[]> {
  const queued = await store.listQueued(FINALS);
  return queued.flatMap(({ item }) =>
    typeof item.seq === 'number' && typeof item.at === 'number' ? [{ seq: item.seq, at: item.at }] : [],
  );
}

/** Closes the open runs of a sandbox: what comes from now on opens new ones. Asking again changes nothing. */
export async function closeRuns(parts: Parts, ctx: Context): Promise<void> {
  const { sandboxId } = ctx.tenant;
  await parts.recorder.settle(sandboxId);
  const store = parts.store.tenant(sandboxId);
  const seq = await store.lastExchangeSeq();
  const last = (await finalsOf(store)).at(-1);
  if (last !== undefined && last.seq >= seq) return;
  if ((await store.listQueued(FINALS)).length >= 900) await store.clearQueued(FINALS);
  await store.enqueue(FINALS, { seq, at: parts.wall() }, 1);
}
