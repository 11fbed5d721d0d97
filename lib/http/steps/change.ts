/** What a request of the control API, or a stage, does to a sandbox, noted in its ledger. */
import type { ChangeKind, Did, Json } from '#lib/exchange/types.ts';
import type { Stage } from '#lib/config/stage.ts';
import type { LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import type { NewChange } from '#lib/recorder/recorder.ts';
import { scrubDid } from '#lib/recorder/redact.ts';
import { inForce, noteSetUp, type SetUp } from '../changes.ts';
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
  const after = await sandboxAfter(visit);
  parts.recorder.recordChange(id, { ...inForce(parts, after), by, what, did: scrubDid(did) }, after.record.epoch);
  if (SETS_UP.has(what)) noteSetUp(parts, after, (await response.clone().json()) as SetUp);
}

/** Changes after which the clients of the configuration are made again. */
const SETS_UP: ReadonlySet<ChangeKind> = new Set(['config', 'scenario', 'reset']);

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
  const common = { ...inForce(visit.parts, await sandboxAfter(visit)), by: 'stage', did: null } as const;
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
async function sandboxAfter({ parts, sandbox }: Visit): Promise<LiveSandbox> {
  return (await parts.sandboxes.find(sandbox!.record.id)) ?? sandbox!;
}

/** Whether a page of this server asks. */
function isPage(headers: Pick<Headers, 'get' | 'has'>): boolean {
  return headers.get('sec-fetch-site') === 'same-origin';
}
