/** One run of a lab in one position: the sandbox made anew, then moment by moment. */
import type { Fetch } from '#lib/client/request.ts';
import type { ControlApi, SandboxRef } from '#lib/client/sandboxes.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { sendPrepared } from '#lib/guide/record.ts';
import { ATTACKER, YOU } from './people.ts';
import { Player } from './player.ts';
import { fillAll, requestOf } from './requests.ts';
import type { Lab, LabRun, Position } from './types.ts';

export interface PlayOptions {
  readonly origin: string;
  readonly fetch: Fetch;
  readonly api: ControlApi<Exchange>;
  readonly now: () => number;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** A run that goes on when it is told to. */
export interface Playing {
  readonly run: () => LabRun;
  /** Plays the next moment, or those before it that cannot happen in this position. */
  readonly step: () => Promise<LabRun>;
}

/** The client of the labs, known to the sandbox beforehand. */
function clientOf(origin: string): Readonly<Record<string, unknown>> {
  return {
    client_id: 'notebook',
    client_name: 'Notebook',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${origin}/guide/callback`],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'notes:read notes:write',
  };
}

/** The whole configuration of a position. */
function configOf(lab: Lab, position: Position, origin: string, sandbox: SandboxRef | null): Record<string, unknown> {
  const base = sandbox?.base ?? '{base}';
  const clients = [clientOf(origin), ...(lab.clients ?? [])];
  const knobs = { clients, ...lab.setup, ...lab.defence[position].knobs };
  return fillAll(knobs, { origin, base }) as Record<string, unknown>;
}

/**
 * The sandbox of a lab with the defence as it is to be: emptied, with both people and your notes in it.
 * @param kept the one of this lab; null or gone: a new one is made
 * @throws ApiError if the control API refuses
 */
async function sandboxFor(
  lab: Lab,
  position: Position,
  kept: SandboxRef | null,
  options: PlayOptions,
): Promise<SandboxRef> {
  const { api, origin } = options;
  const there = kept !== null && (await api.exists(kept)) ? kept : null;
  const sandbox = there ?? (await api.create(configOf(lab, position, origin, null)));
  if (there) {
    await api.configure(sandbox, configOf(lab, position, origin, sandbox));
    await api.post(sandbox, 'reset', {});
  }
  for (const { email, password, sub } of [YOU, ATTACKER]) await api.post(sandbox, 'users', { email, password, sub });
  await writeNotes(lab, sandbox, options);
  return sandbox;
}

/** Your notes, written by you before it begins. */
async function writeNotes(lab: Lab, sandbox: SandboxRef, { api, fetch, now }: PlayOptions): Promise<void> {
  if (!lab.notes) return;
  const issued = (await api.post(sandbox, 'tokens', { sub: YOU.sub, scope: 'notes:write' })) as {
    access_token: string;
  };
  for (const text of lab.notes) {
    const prepared = requestOf(
      {
        method: 'POST',
        url: sandbox.mcp.oauth,
        tool: { name: 'notes_add', arguments: { text } },
        headers: { Authorization: `Bearer ${issued.access_token}` },
      },
      {},
    );
    await sendPrepared(prepared, { fetch, now, clockOffset: 0, from: 'client', to: 'mcp' });
  }
}

interface Grants {
  readonly grants: readonly {
    readonly id: string;
    readonly revoked_at: string | null;
    readonly refresh_tokens: readonly { readonly state: string }[];
  }[];
}

/**
 * Makes the sandbox of a lab anew and gets ready for the first moment.
 * @throws ApiError if the control API refuses
 */
export async function startLab(
  lab: Lab,
  position: Position,
  kept: SandboxRef | null,
  options: PlayOptions,
): Promise<{ readonly sandbox: SandboxRef; readonly playing: Playing }> {
  const sandbox = await sandboxFor(lab, position, kept, options);
  const player = new Player({ lab, position, sandbox, ...options });
  await player.begin();
  for (const act of lab.before ?? []) {
    const missing = await player.act(act, -1);
    if (missing.length > 0) throw new Error(`The lab ${lab.id} cannot begin: ${act.id} lacks ${missing.join(', ')}.`);
  }
  let run: LabRun = {
    position,
    at: options.now(),
    next: 0,
    done: [...player.done],
    bags: structuredClone(player.bags),
    grants: {},
    families: 0,
    sandbox: sandbox.id,
  };

  async function step(): Promise<LabRun> {
    let { next } = run;
    // A moment of the other position is passed over with the one before it.
    while (next < lab.moments.length && isOther(next)) next += 1;
    const moment = lab.moments[next];
    if (moment) {
      await player.play(moment, next);
      next += 1;
    }
    while (next < lab.moments.length && isOther(next)) next += 1;
    run = { ...run, next, done: [...player.done], bags: structuredClone(player.bags) };
    if (next >= lab.moments.length) run = { ...run, ...(await whatIsKept(sandbox, options)) };
    return run;
  }
  function isOther(index: number): boolean {
    const { only } = lab.moments[index]!;
    return only !== undefined && only !== position;
  }
  return { sandbox, playing: { run: () => run, step } };
}

/** What the server itself says of the grants in the end. */
async function whatIsKept(sandbox: SandboxRef, { api }: PlayOptions): Promise<Pick<LabRun, 'grants' | 'families'>> {
  const { grants } = (await api.read(sandbox, 'grants')) as Grants;
  return {
    grants: Object.fromEntries(grants.map((grant) => [grant.id, grant.revoked_at === null])),
    families: grants.filter((grant) => grant.refresh_tokens.some((token) => token.state === 'live')).length,
  };
}
