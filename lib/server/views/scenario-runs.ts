/**
 * Runs of the conforming client, by scenario, as `tests/coach/recorded.test.ts` recorded them, and holds them to what
 * the client does.
 */
import type { Party } from '#lib/exchange/types.ts';
import recorded from './scenario-runs.json' with { type: 'json' };

/** One exchange of a recorded run. */
export interface RunRow {
  readonly from: Party;
  readonly to: Party;
  /** Null if no answer was delivered. */
  readonly status: number | null;
  /** A verb phrase without its subject. */
  readonly verbs: string;
  /** What of the scenario acted here, in words and as configuration. */
  readonly acted: readonly { readonly says: string; readonly code: string | null }[];
}

export interface RecordedRun {
  readonly rows: readonly RunRow[];
  /** Exchanges that followed. */
  readonly more: number;
  /** Whether the client stopped by itself: what came was not what it may use. */
  readonly stopped: boolean;
}

type Kept = Readonly<
  Record<
    string,
    { readonly exchanges: readonly (readonly (string | number | null)[])[] } & Pick<RecordedRun, 'more' | 'stopped'>
  >
>;

/**
 * @param config the configuration of the scenario, for what its knobs are set to
 * @returns null if no run is recorded: it needs an origin of its own, waits in real time, or is for other clients
 */
export function recordedRun(scenario: string, config: Readonly<Record<string, unknown>>): RecordedRun | null {
  const run = (recorded as Kept)[scenario];
  if (run === undefined) return null;
  return {
    more: run.more,
    stopped: run.stopped,
    rows: run.exchanges.map(([from, to, status, verbs, ...acted]) => ({
      from: from as Party,
      to: to as Party,
      status: status as number | null,
      verbs: String(verbs),
      acted: acted.map((name) => actedWords(String(name), config)),
    })),
  };
}

function actedWords(name: string, config: Readonly<Record<string, unknown>>): RunRow['acted'][number] {
  if (Object.hasOwn(config, name)) return { says: 'here acts', code: `${name}: ${JSON.stringify(config[name])}` };
  if (name.startsWith('stages.')) return { says: 'here the server changes', code: null };
  if (name.startsWith('config-')) return { says: 'here a fault acts', code: null };
  return { says: 'this answer is altered', code: null };
}
