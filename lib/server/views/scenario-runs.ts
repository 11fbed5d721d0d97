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

type KeptRun = { readonly exchanges: readonly (readonly (string | number | null)[])[] } & Pick<
  RecordedRun,
  'more' | 'stopped'
>;
type Kept = Readonly<Record<string, KeptRun | { readonly none: string }>>;

/**
 * @param config the configuration of the scenario, for what its knobs are set to
 * @returns null if no run is recorded: see {@link whyNoRun}
 */
export function recordedRun(scenario: string, config: Readonly<Record<string, unknown>>): RecordedRun | null {
  const run = (recorded as Kept)[scenario];
  if (run === undefined || 'none' in run) return null;
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

/** Why no run of the conforming client is recorded for a scenario; null if one is. */
export function whyNoRun(scenario: string): string | null {
  const run = (recorded as Kept)[scenario];
  return run !== undefined && 'none' in run ? run.none : null;
}

function actedWords(name: string, config: Readonly<Record<string, unknown>>): RunRow['acted'][number] {
  if (Object.hasOwn(config, name)) return { says: 'here acts', code: `${name}: ${JSON.stringify(config[name])}` };
  if (name.startsWith('stages.')) return { says: 'here the server changes', code: null };
  if (name.startsWith('config-')) return { says: 'here a fault acts', code: null };
  return { says: 'this answer is altered', code: null };
}
