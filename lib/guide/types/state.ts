/**
 * The facts of a run: what happened, in order, and nothing that can be worked out from it.
 * Plain data, kept in localStorage; `derive.ts` makes everything shown from it.
 */
import type { Check, Exchange, Party } from '#lib/exchange/types.ts';
import type { SandboxRef, ControlApi as AnyControlApi } from '#lib/client/sandboxes.ts';
import type { Shown } from './track.ts';

export type { Check, Exchange, SandboxRef };
/** The control API, with exchanges as the recorder has them. */
export type ControlApi = AnyControlApi<Exchange>;

/** What the reader changed in one parameter. A value of null: as the track has it. */
export interface Edit {
  readonly value: string | null;
  /** Unticked: not sent. False sends a parameter that starts unticked. */
  readonly omitted?: boolean;
}
/** By parameter key; see `parameterKey` in `prepare.ts`. */
export type RequestEdits = Readonly<Record<string, Edit>>;

/** One comparison that the guide's own client made, before it went on. */
export interface ClientCheck extends Check {
  /** Why it stopped, where `ok` is false. */
  readonly reason: string | null;
}

/** The client made values (state, verifier, challenge) before anything travelled. */
export interface MadeEntry {
  readonly kind: 'made';
  readonly key: string;
  readonly step: string;
  readonly run: number;
  /** Wall time, ms. */
  readonly at: number;
  readonly made: Readonly<Record<string, string>>;
}

/** An exchange of the run. */
export interface ExchangeEntry {
  readonly kind: 'exchange';
  readonly key: string;
  readonly step: string;
  /** Id of the step's request that it carried. */
  readonly request: string;
  /** Attempt number at the step, from 1. */
  readonly run: number;
  /** Wall time of sending, ms. */
  readonly at: number;
  readonly exchange: Exchange;
  /** `page`: as this page saw it. `recorder`: the true record, other headers and `between` included. */
  readonly source: 'page' | 'recorder';
  /** Values that its templates used. */
  readonly used: Readonly<Record<string, string>>;
  /** The reader's edits that it was sent with. */
  readonly edits: RequestEdits;
  /** Values that its answer brought. */
  readonly made: Readonly<Record<string, string>>;
  readonly checks: readonly ClientCheck[];
  /** The request could not be completed: no answer came. */
  readonly failed: 'network' | 'timeout' | 'aborted' | null;
}

export type Entry = MadeEntry | ExchangeEntry;

/** The page was left for the authorization server, and nobody has come back yet. */
export interface Navigation {
  readonly step: string;
  readonly request: string;
  readonly run: number;
  /** What the browser was sent to, without the control token. */
  readonly url: string;
  /** Wall time of leaving, ms. */
  readonly at: number;
  /** The recorder's last `seq` before leaving. */
  readonly after: number;
  readonly used: Readonly<Record<string, string>>;
  /** Where the user can go on, once the server has opened an interaction. */
  readonly resume: string | null;
}

/** A line of a request that an experiment changed; `same`: so many lines as before. */
export interface ChangedLine {
  readonly kind: 'same' | 'was' | 'now';
  readonly text: string;
}

export interface ExperimentOutcome {
  readonly status: number;
  readonly error: string | null;
  readonly reason: string | null;
  readonly shown: Shown;
  /** Whether it came as the track expects. */
  readonly asExpected: boolean;
  /** What came, in one line: "400 invalid_grant, in JSON". */
  readonly line: string;
  /** The exchange that shows it: the last one in `exchanges` unless `deciding` says another. */
  readonly exchanges: readonly ExchangeEntry[];
  readonly deciding: number;
  /** What was changed in the request, if a request was changed. */
  readonly changes?: readonly ChangedLine[];
}

export interface ExperimentRecord {
  /** Index of the option that was chosen. */
  readonly guess: number | null;
  /** Whether that option is the right one; null if nothing was guessed. */
  readonly right?: boolean | null;
  readonly outcome: ExperimentOutcome | null;
  /** Why it could not be run, for a person. */
  readonly trouble: string | null;
  /** Wall time, ms. */
  readonly at: number;
}

export interface RunState {
  readonly version: 1;
  readonly track: string;
  /** Rises with each change; the higher one wins between tabs. */
  readonly revision: number;
  readonly sandbox: SandboxRef | null;
  readonly log: readonly Entry[];
  /** step → request → parameter key → edit. */
  readonly edits: Readonly<Record<string, Readonly<Record<string, RequestEdits>>>>;
  readonly navigation: Navigation | null;
  readonly experiments: Readonly<Record<string, ExperimentRecord>>;
  /** Address of the reader's own MCP server, which stands in for the sandbox's; null or left out: none does. */
  readonly server?: string | null;
  /** The copy in which experiments run, emptied before each; made with the first. */
  readonly lab?: SandboxRef | null;
  /** Protocol time of the sandbox minus wall time, ms. */
  readonly clockOffset: number;
  /** Protocol time at which the clock of the sandbox stands, ms; null or left out: it goes on. */
  readonly frozenAt?: number | null;
  /** The sandbox is gone (expired, deleted): what was done can be read, not continued. */
  readonly lost: boolean;
}

/** What is under way in this tab; not kept. */
export interface Running {
  readonly step: string;
  readonly request: string | null;
  /** Id of the experiment that runs in a copy. */
  readonly experiment: string | null;
  /** Wall time, ms. */
  readonly since: number;
  readonly from: Party;
  readonly to: Party;
}
