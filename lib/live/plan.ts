/** A plan walked by hand: which step of a scenario is next, derived from what has arrived and from nothing else. */
import { headerOf } from '#lib/exchange/read.ts';
import type { DriveStep } from '#lib/config/scenarios/scenario.ts';
import { isChange, type Exchange, type LedgerEntry } from '#lib/exchange/types.ts';
import type { Summary } from './report.ts';

export type ItemState = 'waiting' | 'running' | 'done' | 'skipped';

/** One scenario of a plan, as `GET /api/plans/{id}` gives it. */
export interface PlanItem {
  readonly scenario: string;
  readonly title: string;
  readonly state: ItemState;
  readonly why?: string | null;
  readonly do: readonly DriveStep[];
  readonly judged_by: readonly string[];
  /** Why no rule judges it, and where to look; null if a rule does, or every one. */
  readonly not_judged: { readonly why: string; readonly look: string } | null;
  readonly seconds: { readonly least: number; readonly most: number };
  /** Id of its sandbox. */
  readonly sandbox?: string;
  /** ISO time of the server: exchanges from then on are of this item. */
  readonly started_at?: string;
  readonly summary?: Summary | null;
}

export interface Plan {
  readonly id: string;
  readonly address?: 'each' | 'one';
  readonly items: readonly PlanItem[];
  /** Scenarios that were left out, each with its reason. */
  readonly left_out?: readonly { readonly scenario: string; readonly why: string }[];
}

/** A step for a person: what to do, what to say to the client, and which exchange has done it. */
export interface PlanStep {
  readonly step: DriveStep | 'approve';
  /** With `code`. */
  readonly title: string;
  /** To say to a client that is driven by talking. */
  readonly say: string | null;
  /** Number of the entry that did it; null if it is not done. */
  readonly by: number | null;
  /** Whether the client went past it: it called a tool without a list. `by` is then what it did instead. */
  readonly passed: boolean;
  /** What the page waits for. */
  readonly waits: string;
}

const SAY: Readonly<Record<string, string>> = {
  notes_add: 'Add a note that says hello.',
  notes_list: 'List my notes.',
  whoami: 'Ask the server who I am.',
  echo: 'Echo the word hello.',
  add: 'Add 2 and 3 with the tool.',
  slow: 'Run the slow tool.',
  fail: 'Run the tool that fails.',
};

interface Words {
  readonly title: string;
  readonly say: string | null;
  readonly waits: string;
}

function wordsOf(step: PlanStep['step']): Words {
  if (step === 'approve') return { title: 'Approve if the browser asks', say: null, waits: 'waits for the decision' };
  if (step === 'connect')
    return { title: 'Give this address to your client', say: null, waits: 'waits for the first request' };
  if (step === 'list')
    return { title: 'Let it list the tools', say: 'Which tools do you have?', waits: 'waits for the list' };
  if (step === 'again')
    return { title: 'Have it do the same again', say: 'Do that again.', waits: 'waits for the next call' };
  if (step === 'reconnect')
    return { title: 'Connect the client again', say: null, waits: 'waits for a new connection' };
  if ('call' in step)
    return {
      title: `Have it call \`${step.call}\``,
      say: SAY[step.call] ?? `Use the tool ${step.call}.`,
      waits: 'waits for the call',
    };
  if ('wait' in step) return { title: `Wait ${step.wait} s`, say: null, waits: 'time is running' };
  if ('advance' in step)
    return { title: `The clock of the sandbox moves ${step.advance} s`, say: null, waits: 'waits for the clock' };
  return step.decide === 'approve'
    ? { title: 'Approve if the browser asks', say: null, waits: 'waits for the decision' }
    : { title: 'Refuse if the browser asks', say: null, waits: 'waits for the decision' };
}

const isMcp = (exchange: Exchange): boolean => ['mcp', 'bearer', 'no-auth'].includes(exchange.endpoint);
const decided = (exchange: Exchange): boolean =>
  (exchange.endpoint === 'authorize' || exchange.endpoint === 'consent' || exchange.endpoint === 'activate') &&
  /[?&#](?:code|error)=/.test(headerOf(exchange.response, 'location') ?? '');

/** Whether an entry does a step. */
function does(step: PlanStep['step'], entry: LedgerEntry, since: number, called: string | null): boolean {
  if (isChange(entry)) return typeof step === 'object' && 'advance' in step && entry.what === 'clock';
  const answered = (entry.response?.status ?? 500) < 400;
  if (step === 'connect' || step === 'reconnect') return entry.from === 'client';
  if (step === 'approve') return decided(entry);
  if (step === 'list') return entry.rpcMethod === 'tools/list' && answered;
  if (step === 'again') return isMcp(entry) && (called === null || entry.tool === called);
  if ('call' in step) return entry.tool === step.call;
  if ('wait' in step) return Date.parse(entry.at) - since >= step.wait * 1000;
  if ('advance' in step) return false;
  return decided(entry);
}

/**
 * The steps of a scenario, each with the entry that did it. A step is done only after the one before it.
 * @param drive as the plan gives it
 * @param entries the ledger of its sandbox since the scenario was started
 * @param now wall ms, for steps that wait
 */
export function planSteps(drive: readonly DriveStep[], entries: readonly LedgerEntry[], now: number): PlanStep[] {
  const steps = drive.flatMap((step, index): PlanStep['step'][] => {
    const decides = drive.some((other) => typeof other === 'object' && 'decide' in other);
    return step === 'connect' && index === 0 && !decides ? ['connect', 'approve'] : [step];
  });
  let at = 0;
  let open = true;
  let called: string | null = null;
  return steps.map((step): PlanStep => {
    const words = wordsOf(step);
    if (typeof step === 'object' && 'call' in step) called = step.call;
    const done = (by: number | null, passed = false): PlanStep => ({ step, ...words, by, passed });
    if (!open) return done(null);
    const since = Date.parse(entries[at - 1]?.at ?? '') || now;
    // A wait is over by itself; everything else by something that arrives.
    if (typeof step === 'object' && 'wait' in step && now - since >= step.wait * 1000)
      return done(entries[at - 1]?.seq ?? 0);
    const found = entries.findIndex((entry, index) => index >= at && does(step, entry, since, called));
    // A client that is let in without a question has nothing to approve.
    if (found < 0 && step === 'approve' && entries.slice(at).some((entry) => !isChange(entry) && isAllowed(entry)))
      return done(entries[at]?.seq ?? null);
    // A client that knows the tools already calls one without a list.
    if (found < 0 && step === 'list') {
      const call = entries.slice(at).find((entry) => !isChange(entry) && entry.tool !== null && isAllowed(entry));
      if (call !== undefined) return done(call.seq, true);
    }
    if (found < 0) {
      open = false;
      return done(null);
    }
    at = found + 1;
    return done(entries[found]?.seq ?? null);
  });
}

const isAllowed = (exchange: Exchange): boolean =>
  isMcp(exchange) && (exchange.response?.status ?? 500) < 400 && exchange.from === 'client';

/** The item that is open, the first one if there are more; null if there is none. */
export function openItem(plan: Plan | null): PlanItem | null {
  return plan?.items.find(({ state, sandbox }) => state === 'running' && sandbox !== undefined) ?? null;
}

/** What a mark says of an item. */
export type ItemMark = 'fail' | 'warn' | 'pass' | 'unreached' | 'unjudged' | 'not-run';

export function itemMark({ state, summary, judged_by, not_judged }: PlanItem): ItemMark {
  if (state !== 'done' || !summary) return 'not-run';
  if (summary.fail > 0) return 'fail';
  if (summary.pass + summary.warn === 0) return 'unreached';
  if (summary.warn > 0) return 'warn';
  if (not_judged) return 'unjudged';
  return judged_by.length > 0 && summary.unanswered.length === judged_by.length ? 'unreached' : 'pass';
}

/** Minutes left, from the pace so far. @param seconds how long each finished item took */
export function minutesLeft(items: readonly PlanItem[], seconds: readonly number[]): number {
  const left = items.filter(({ state }) => state === 'waiting' || state === 'running');
  const pace = seconds.length > 0 ? seconds.reduce((sum, one) => sum + one, 0) / seconds.length : null;
  return Math.max(
    1,
    Math.round(left.reduce((sum, item) => sum + Math.max(item.seconds.least, pace ?? item.seconds.most), 0) / 60),
  );
}
