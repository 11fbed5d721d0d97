/** What a request of the control API, or a stage, does to a sandbox, noted in its ledger. */
import type { Change, ChangeKind, Did, Json } from '#lib/exchange/types.ts';
import type { Stage } from '#lib/config/stage.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import type { NewChange } from '#lib/recorder/recorder.ts';
import { scrubDid } from '#lib/recorder/redact.ts';
import type { Visit } from '../visit.ts';

/** Notes what an operation of the control API changed, if it did. @param response its answer */
export async function noteChange(visit: Visit, response: Response): Promise<void> {
  const { operation, ctx, parts, sandbox, params } = visit;
  const { changes } = operation!;
  if (changes === undefined || !response.ok) return;
  const what = typeof changes === 'function' ? changes(ctx!.body.json) : changes;
  const { id } = sandbox!.record;
  if (what === null || params.id === undefined) return;
  const did: Did = {
    method: visit.request.method,
    path: visit.path.slice(`/api/sandboxes/${params.id}`.length),
    body: (ctx!.body.json ?? null) as Json,
    ...(await madeAnew(response)),
    ...(what === 'config' || what === 'scenario' ? { before: stateOf(sandbox!) } : {}),
  };
  const by = isPage(visit.request.headers) ? 'page' : 'control';
  const after = await recordAfter(visit);
  parts.recorder.recordChange(id, { ...inForce(visit, after), by, what, did: scrubDid(did) }, after.epoch);
}

function stateOf({ record }: LiveSandbox): NonNullable<Did['before']> {
  return { config: record.config as Json, scenario: record.scenario };
}

/** Values of an answer that are new each time: the id of a fault, a token, the secret of a client. */
async function madeAnew(response: Response): Promise<Pick<Did, 'made'>> {
  if (response.status !== 201) return {};
  const answer = (await response.clone().json()) as Readonly<Record<string, unknown>>;
  const made = ['id', 'access_token', 'client_secret'].flatMap((name) => {
    const value = answer[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return made.length === 0 ? {} : { made: Object.fromEntries(made) };
}

/** The changes that a stage makes, one for each kind. */
export async function stageChanges(visit: Visit, stage: Stage): Promise<NewChange[]> {
  const common = { ...inForce(visit, await recordAfter(visit)), by: 'stage', did: null } as const;
  const kinds = new Set<ChangeKind>();
  if (stage.advance !== undefined) kinds.add('clock');
  for (const action of stage.do ?? []) kinds.add(OF_ACTION[action]);
  if (stage.set !== undefined) kinds.add('config');
  return [...kinds].map((what) => ({ ...common, what }));
}

const OF_ACTION: Readonly<Record<NonNullable<Stage['do']>[number], ChangeKind>> = {
  'expire-access-tokens': 'grant',
  'revoke-access-tokens': 'grant',
  'revoke-grants': 'grant',
  'forget-clients': 'client',
  'rotate-keys': 'keys',
};

/** The sandbox as it is now, after the change. */
async function recordAfter({ parts, sandbox }: Visit): Promise<LiveSandbox['record']> {
  const { record } = sandbox!;
  return (await parts.sandboxes.find(record.id))?.record ?? record;
}

/** The moment, and what is in force from then on. */
function inForce(
  { parts }: Visit,
  { configChange, scenario }: LiveSandbox['record'],
): Omit<Change, 'seq' | 'by' | 'what' | 'did'> {
  return {
    kind: 'change',
    at: new Date(parts.wall()).toISOString(),
    monotonic: Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000,
    config: configChange,
    scenario,
  };
}

/** Whether a page of this server asks. */
function isPage(headers: Headers): boolean {
  return headers.get('sec-fetch-site') === 'same-origin';
}
