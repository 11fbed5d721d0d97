/** Runs a client in a sandbox of its own and reads its report. */
import { expect } from 'vitest';
import type { Instance, Json } from '../lib/sandbox.ts';
import { json } from '../lib/sandbox.ts';
import { Scripted, type ScriptedOptions, Stopped } from './scripted.ts';
import type { Travel } from './time.ts';

export interface Situation {
  readonly scenario?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly options?: Omit<ScriptedOptions, 'breaks'>;
  /** Gives the client the credentials of the first pre-registered client. */
  readonly given?: boolean;
  /** What the client does; by default it connects and calls two tools. */
  readonly drive?: (client: Scripted) => Promise<void>;
  /** Whether the runs are closed in the end. */
  readonly open?: boolean;
}

export interface Graded {
  readonly report: Json;
  readonly client: Scripted;
  /** Rules with this verdict. */
  of(verdict: string): string[];
  verdict(rule: string): Json;
}

export async function makeSandbox(
  instance: Instance,
  { scenario, config }: Pick<Situation, 'scenario' | 'config'>,
): Promise<Json> {
  const made = await instance.ask(
    'http://localhost:3000/api/sandboxes',
    json('POST', {
      ...(scenario === undefined ? {} : { scenario }),
      config: {
        ...(scenario === undefined || !DECIDES.has(scenario) ? { 'consent.outcome': 'approve' } : {}),
        'cimd.support': false,
        ...config,
      },
    }),
  );
  if (made.status !== 201) throw new Error(`POST /api/sandboxes: ${made.status} ${made.text}`);
  return made.body;
}

const DECIDES: ReadonlySet<string> = new Set([
  'consent-denied',
  'scope-step-up-denied',
  'authorize-server-error',
  'consent-never-returns',
]);

export async function control(instance: Instance, made: Json, path: string): Promise<Json> {
  const answer = await instance.ask(`http://localhost:3000/api/sandboxes/${made.id}${path}`, {
    headers: { authorization: `Bearer ${made.control_token}` },
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body ?? answer.text;
}

/** Lets a client with these breaks do what the situation says, and grades it. */
export async function grade(
  instance: Instance,
  time: Travel,
  situation: Situation,
  breaks: readonly string[],
): Promise<Graded> {
  const made = await makeSandbox(instance, situation);
  const [given] = made.clients ?? [];
  const client = new Scripted(instance, made, time, {
    ...situation.options,
    breaks,
    ...(situation.given ? { client: given } : {}),
  });
  try {
    await (situation.drive ?? usual)(client);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (process.env.COACH_DEBUG)
      console.log(`stopped in ${situation.scenario ?? ''} with ${breaks.join(' ')}:`, error.message);
  }
  const report = await control(instance, made, `/report${situation.open ? '' : '?final=1'}`);
  await evidenceResolves(instance, made, report);
  return {
    report,
    client,
    of: (verdict) => report.verdicts.filter((one: Json) => one.verdict === verdict).map((one: Json) => one.rule),
    verdict: (rule) => report.verdicts.find((one: Json) => one.rule === rule),
  };
}

/** Connects, and calls two tools. */
export async function usual(client: Scripted): Promise<void> {
  await client.connect();
  await client.call('tools/call', 'whoami');
  await client.call('tools/call', 'notes_list');
}

/** Every pointer leads somewhere in the exchanges as they are given out, and no secret is in the report. */
async function evidenceResolves(instance: Instance, made: Json, report: Json): Promise<void> {
  const { exchanges } = await control(instance, made, '/exchanges');
  const bySeq = new Map<number, Json>(exchanges.map((one: Json) => [one.seq, one]));
  for (const { rule, verdict, evidence } of report.verdicts) {
    if (verdict === 'fail' || verdict === 'warn') expect(evidence.length, rule).toBeGreaterThan(0);
    for (const { seq, pointer } of evidence)
      expect(resolve(bySeq.get(seq), pointer), `${rule}: ${seq}${pointer}`).toBeDefined();
  }
}

/** What an RFC 6901 pointer leads to; undefined if that is nothing. */
export function resolve(value: Json, pointer: string): Json {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (at, part) => (at !== null && typeof at === 'object' && Object.hasOwn(at, part) ? at[part] : undefined),
      value,
    );
}
