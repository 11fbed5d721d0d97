/**
 * What is shown. All of it comes out of `derive(track, facts)`; a component draws it and decides
 * nothing.
 */
import type { Bag, HeldValue } from '#lib/exchange/held.ts';
import type { Party } from '#lib/exchange/types.ts';
import type { ExchangeEntry, ExperimentRecord, RunState, Running } from './state.ts';
import type { ClauseRef, Experiment, Note, Parameter, ParameterPlace, Step } from './track.ts';

/** A piece of text, with the value that it is (or that it is made from). */
export interface Span {
  readonly text: string;
  /** Name of the value. */
  readonly value?: string;
  readonly madeBy?: Party | 'attacker';
  /** It stands here url-encoded, form-encoded or JSON-escaped. */
  readonly encoded?: boolean;
}

export type { Bag, HeldValue };

/** A value's whole life, for the holdings, the code's ruler and the chart. */
export interface Life {
  readonly name: string;
  readonly value: string;
  readonly step: string;
  /** Wall ms of birth and of the end; null while it lives. */
  readonly born: number;
  readonly ended: number | null;
  readonly how: 'spent' | 'expired' | 'revoked' | 'replaced' | 'returned' | null;
  /** Key of the entry that ended it. */
  readonly by: string | null;
  /** When it expires by itself, wall ms; null if it does not. */
  readonly expires: number | null;
  /** Seconds that it lives in all, for a code; else null. */
  readonly lifetime: number | null;
  /** How often its family was renewed, plus one. */
  readonly generation: number;
}

export type StepStatus = 'locked' | 'ready' | 'running' | 'done' | 'stale' | 'failed';

/** One step in the rail. */
export interface StepView {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly status: StepStatus;
  /** One line that is true now. */
  readonly line: readonly Span[];
  /** Marks the step that the walk has come to. */
  readonly current: boolean;
  /** Edits that were made since it was last sent. */
  readonly edited: boolean;
  /** Where status is stale: which step changed, and which value. */
  readonly staleBecause: { readonly step: string; readonly number: number; readonly value: string } | null;
}

/** The primary action, always in view. */
export interface ActionView {
  /** What pressing it does. `open`: go to that step first; `resume`: back to the consent page. */
  readonly kind: 'send' | 'open' | 'resume' | 'finish' | 'none';
  /** The step whose requests it sends, or that it opens. */
  readonly step: string;
  readonly label: string;
  readonly note: string;
  readonly from: Party;
  readonly to: Party;
  readonly enabled: boolean;
  readonly running: boolean;
  /** Why it is not enabled: "Waits for a code. Step 4 gets one." */
  readonly waitsFor: { readonly says: string; readonly step: string } | null;
  /** Names of the values that it would carry. */
  readonly carries: readonly string[];
  /** Where `kind` is resume. */
  readonly href: string | null;
  /** It leaves the page. */
  readonly navigates: boolean;
}

/** One line of a request that the reader can edit. */
export interface ParameterView {
  readonly key: string;
  readonly parameter: Parameter;
  readonly in: ParameterPlace;
  readonly clause: ClauseRef | null;
  /** As it would be sent now. */
  readonly value: string;
  readonly spans: readonly Span[];
  /** As the track has it, filled in. */
  readonly original: string;
  readonly edited: boolean;
  readonly omitted: boolean;
  readonly canOmit: boolean;
  /** Values of its template that are not known yet: they come with an answer of this very step. */
  readonly missing: readonly string[];
  /** First character (from 1) in which it differs from `original`; null if it does not. */
  readonly differsAt: number | null;
}

/** A request as it would be, or was, sent. */
export interface RequestView {
  readonly id: string;
  readonly title: string;
  readonly from: Party;
  readonly to: Party;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly parameters: readonly ParameterView[];
  readonly navigates: boolean;
  readonly sendsWhen: string | null;
  /** Values without which it cannot be sent. */
  readonly missing: readonly string[];
}

/** An exchange with its notes, for the score. */
export interface ExchangeView {
  readonly entry: ExchangeEntry;
  readonly title: string;
  /** "exchange 4, 12:03:52" is made from these. */
  readonly number: number;
  readonly notes: readonly Note[];
  readonly stale: boolean;
  /** The bag as of that moment, for colouring. */
  readonly bag: Bag;
  /** Names to prefer where two values are the same string. */
  readonly prefer: readonly string[];
}

export interface HoldingCell {
  readonly value: string | null;
  readonly name: string | null;
  /** In place of a value: "none yet", "not kept", "spent at 12:04:52". */
  readonly absent: string | null;
  /** What is held, and no longer good. */
  readonly ended: boolean;
}
export interface HoldingRow {
  readonly id: string;
  readonly label: string;
  readonly client: HoldingCell;
  readonly as: HoldingCell;
  readonly relation: '=' | 'S256' | 'hash' | 'signed' | '≠' | null;
  readonly alt: string;
}

export interface CodeLife {
  readonly state: 'not_begun' | 'alive' | 'spent' | 'expired' | 'revoked';
  readonly says: string;
  /** Seconds that it lives in all. */
  readonly lifetime: number;
  /** Seconds left by the sandbox's clock, not below 0; null unless alive. */
  readonly left: number | null;
  /** Wall ms at which it runs out; null unless alive. The page may count by itself. */
  readonly expires: number | null;
  /** Said politely, at these seconds only. */
  readonly announce: string | null;
}

/** One arrow on the wire. */
export interface WireMessage {
  readonly key: string;
  readonly step: string;
  readonly number: number;
  /** Id of the request; both its arrows have the same. */
  readonly request: string;
  readonly kind: 'request' | 'response' | 'handover';
  readonly from: Party;
  readonly to: Party;
  /** "POST /token", "302 with code". */
  readonly label: string;
  readonly status: number | null;
  /** Names of the values that travel. */
  readonly beads: readonly string[];
  readonly state: 'done' | 'running' | 'next' | 'future' | 'failed' | 'stale';
  /** The one that travelled last. */
  readonly newest: boolean;
}
/** Something held, drawn on a lifeline between two messages. */
export interface WireBar {
  readonly value: string;
  readonly party: Party;
  readonly fromKey: string;
  readonly toKey: string | null;
  readonly alive: boolean;
}
export interface Wire {
  readonly title: string;
  readonly parties: readonly { readonly party: Party; readonly name: string }[];
  readonly messages: readonly WireMessage[];
  readonly bars: readonly WireBar[];
  /** The same, as an ordered list in words: one entry a step. */
  readonly alt: readonly string[];
  readonly empty: string | null;
}

/** What went wrong, why, and the way back. */
export interface Failure {
  readonly step: string;
  readonly request: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly reason: string | null;
  /** What happened, in a sentence. */
  readonly says: string;
  readonly clause: ClauseRef | null;
  /** The step's own words for this cause; null if it has none. */
  readonly explain: string | null;
  /** What was expected and what came, where the recorder knows. */
  readonly evidence: Readonly<Record<string, unknown>> | null;
  /** The request's parameters that the reader had changed. */
  readonly edited: readonly string[];
  readonly wayBack: {
    readonly kind: 'restore' | 'again' | 'restart' | 'new-sandbox';
    readonly step: string;
    readonly label: string;
  };
}

export interface ExperimentView {
  readonly experiment: Experiment;
  readonly state: 'untried' | 'guessed' | 'running' | 'revealed' | 'lab';
  readonly record: ExperimentRecord | null;
  /** Whether the guess was right; null until revealed. */
  readonly right: boolean | null;
  /** "Refused at once, `invalid_request`. You guessed later." */
  readonly line: string;
  readonly clauses: readonly ClauseRef[];
}

/** PKCE before your eyes: each intermediate value. */
export interface PkceView {
  /** The random bytes, hex. */
  readonly bytes: string;
  readonly verifier: string;
  /** SHA-256 of the verifier's ASCII, hex. */
  readonly digest: string;
  readonly challenge: string;
}

/** Everything that a page of the walk shows. */
export interface WalkView {
  readonly steps: readonly StepView[];
  /** The step that the walk has come to; null when all are done. */
  readonly current: string | null;
  readonly done: number;
  readonly total: number;
  readonly finished: boolean;
  /** The step that is being looked at. */
  readonly step: Step;
  readonly status: StepStatus;
  readonly requests: readonly RequestView[];
  /** Exchanges of its latest run, in order. */
  readonly exchanges: readonly ExchangeView[];
  /** The exchange before this step's first, shown until the step has one of its own. */
  readonly before: ExchangeView | null;
  readonly action: ActionView;
  readonly failure: Failure | null;
  readonly experiments: readonly ExperimentView[];
  readonly holdings: readonly HoldingRow[];
  readonly codeLife: CodeLife;
  readonly wire: Wire;
  readonly bag: Bag;
}

/** What `derive` is made from. */
export interface Facts {
  readonly state: RunState;
  readonly running: Running | null;
  /** Wall time, ms. */
  readonly now: number;
  /** Step of the address bar; null: the current one. */
  readonly viewing: string | null;
  /** `{origin}` of the page. */
  readonly origin: string;
}
