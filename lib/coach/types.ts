/** What the report is made of. The shapes that leave are those of the contract's report. */
import type { Seen } from './seen.ts';

/** An MCP revision, such as `2026-07-28`; `oauth` stands for clients of any kind. */
export type Revision = string;
export type Level = 'MUST' | 'SHOULD';
export type Phase =
  | 'discovery'
  | 'registration'
  | 'authorize'
  | 'token'
  | 'resource'
  | 'refresh'
  | 'dpop'
  | 'device'
  | 'security';

export interface Clause {
  readonly doc: string;
  readonly section: string;
  readonly url: string;
}

export type ReasonCode =
  | 'no-occasion'
  | 'needs-scenario'
  | 'waiting'
  | 'open'
  | 'other-revision'
  | 'other-kind'
  | 'on-purpose'
  | 'not-attributable'
  | 'not-kept'
  | 'own-network'
  | 'own-origin'
  | 'needs-plan';

export type PartIn = 'query' | 'form' | 'header' | 'json' | 'jwt' | 'body';

/** One exhibit: a place in an exchange. Values are unmasked here, and masked when the report is put together. */
export interface Exhibit {
  readonly seen: Seen;
  /** RFC 6901 pointer into the exchange. */
  readonly pointer: string;
  readonly part?: { readonly in: PartIn; readonly name: string };
  readonly got?: string | null;
  readonly expected?: string;
  readonly says: string;
}

/** What a rule found in a run. */
export type Finding =
  | {
      readonly verdict: 'pass' | 'fail' | 'warn';
      readonly says: string;
      readonly exhibits: readonly Exhibit[];
      /** A pass that a later exchange can still turn. */
      readonly soFar?: boolean;
    }
  | {
      readonly verdict: 'not_observed';
      readonly code: ReasonCode;
      readonly says?: string;
      /** ms since the epoch, for `waiting`. */
      readonly until?: number;
      /** For `needs-plan`: what a comparison would rest on. */
      readonly exhibits?: readonly Exhibit[];
    };

export type VerdictName = 'pass' | 'fail' | 'warn' | 'not_observed';

export interface Evidence {
  readonly seq: number;
  readonly pointer: string;
  readonly part?: { readonly in: PartIn; readonly name: string };
  readonly got?: string | null;
  readonly expected?: string;
  readonly says: string;
  /** In the report of a plan: whose ledger the number is of. */
  readonly sandbox?: string;
  readonly scenario?: string;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly says: string;
  /** Scenarios that would show it. */
  readonly scenarios: readonly string[];
  /** Whether this client can show it. */
  readonly fits: boolean;
  /** ISO time, for `waiting`. */
  readonly until?: string;
}

export interface Verdict {
  readonly rule: string;
  readonly title: string;
  readonly phase: Phase;
  readonly verdict: VerdictName;
  readonly so_far: boolean;
  readonly level: Level;
  readonly in_force: Level | null;
  readonly clause: Clause;
  readonly clauses: readonly Clause[];
  readonly says: string;
  readonly evidence: readonly Evidence[];
  readonly why: string;
  readonly fix: string;
  readonly reason: Reason | null;
  readonly url: string;
}

/** What a rule says whatever it finds. */
export type RuleWords = Pick<Verdict, 'clauses' | 'why' | 'fix'>;
export type BriefReport = Omit<Report, 'verdicts'> & {
  readonly verdicts: readonly Omit<Verdict, 'clause' | 'clauses' | 'why' | 'fix' | 'url'>[];
};

export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly warn: number;
  readonly not_observed: number;
  readonly must: { readonly pass: number; readonly fail: number };
  /** Rules that the scenarios in force are about, and those of them that were not observed. */
  readonly asked: readonly string[];
  readonly unanswered: readonly string[];
}

export interface ClientInfo {
  readonly id: string;
  readonly name: string | null;
  readonly client_ids: readonly string[];
  readonly user_agents: readonly string[];
  readonly attribution: 'certain' | 'weak';
}

export interface RevisionInfo {
  readonly value: Revision | null;
  readonly by: 'header' | '_meta' | 'initialize' | 'asked' | null;
}

export interface RunSummary {
  readonly id: string;
  readonly client: ClientInfo | null;
  readonly revision: RevisionInfo;
  readonly final: boolean;
  readonly summary: Summary;
}

export interface SilenceInfo {
  readonly point: string;
  readonly at: number | null;
  readonly seconds: number;
  readonly verdict: 'client-right' | 'scripted' | 'client-wrong' | 'yours';
  readonly why: string;
  readonly decides: readonly string[];
  /** What may have stopped it, the likeliest first: only what can be true after this exchange. */
  readonly causes: readonly { readonly cause: string; readonly look_at: string; readonly rule?: string }[];
}

export interface Report {
  readonly report: 1;
  readonly catalogue: { readonly version: number; readonly rules: number };
  readonly generated_at: string;
  readonly sandbox: { readonly id: string; readonly issuer: string; readonly inspect_url: string };
  readonly run: {
    readonly id: string;
    readonly opened_at: string | null;
    readonly closed_at: string | null;
    readonly first: number | null;
    readonly last: number | null;
    readonly dropped: number;
  };
  readonly final: boolean;
  readonly scenarios: readonly string[];
  readonly client: ClientInfo | null;
  readonly revision: RevisionInfo;
  readonly summary: Summary;
  readonly verdicts: readonly Verdict[];
  readonly silence: SilenceInfo | null;
  readonly runs: readonly RunSummary[];
}
