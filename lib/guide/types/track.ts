/**
 * What a track is, as data: the shape of `tracks/<id>/*.yaml` after the loader has read and checked it.
 *
 * Field names are the ones of the YAML, so that whoever reads a track and whoever reads the code
 * see the same words. Everything here is plain JSON. A page gets the index of a track (`indexOf` in `page.ts`) and
 * the one step that it shows.
 * In texts, `` `…` `` is protocol, `*…*` is italic, `{name}` is a value; see {@link parseText}.
 */
import type { Party } from '#lib/exchange/types.ts';

export type { Party };

/** A clause, as it is printed beside what it demands. */
export interface ClauseRef {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly url: string;
}

/** Everything that `{…}` can stand for. The colour comes from `made_by`. */
export interface ValueInfo {
  readonly name: string;
  readonly made_by: Party | 'attacker';
  /** Whether it must be masked where others may look. */
  readonly secret: boolean;
  readonly says: string;
}

export type ParameterPlace = 'query' | 'form' | 'json' | 'header' | 'path';

/** One thing in a request that the reader may look at and change. */
export interface Parameter {
  readonly name: string;
  readonly in: ParameterPlace;
  /** JSON pointer into the body; `/name` where the YAML says nothing. Only for `in: json`. */
  readonly at?: string;
  /** A template; empty if the parameter starts unticked. */
  readonly value: string;
  readonly clause: string;
  readonly meaning: string;
  readonly where_from: string;
  readonly editable: boolean;
  /** Whether it can be left out by its tick. */
  readonly optional: boolean;
}

export interface HeaderTemplate {
  readonly name: string;
  readonly value: string;
}

/** One request of a step. The first whose `sends_when` is null is sent by the primary action. */
export interface StepRequest {
  readonly id: string;
  readonly title: string;
  readonly from: Party;
  readonly to: Party;
  readonly method: string;
  /** A template. */
  readonly url: string;
  readonly headers: readonly HeaderTemplate[];
  /** JSON with templates in its strings; null if there is none. */
  readonly body: unknown;
  readonly parameters: readonly Parameter[];
  /** Only a browser can do it: the page is left. */
  readonly navigates: boolean;
  /** Who or what sends it, if it is not the primary action ("you decide"). */
  readonly sends_when: string | null;
}

export interface ValueMade {
  readonly value: string;
  readonly by: Party;
  readonly note: string;
}
/** One check, in order; `by: client` are the client's own. */
export interface ServerDoes {
  readonly does: string;
  readonly reason: string | null;
  readonly request: string;
  readonly by: Party;
}
/** A note stands beside the line that holds its lemma. */
export interface Note {
  readonly request: string;
  readonly side: 'request' | 'response';
  readonly lemma: string;
  readonly note: string;
  readonly clause: string | null;
  /** The exchange that it is true of; see `notes.ts`. */
  readonly when: Readonly<Record<string, unknown>>;
  /** It speaks of what came before in the walk: beside the same line of a sandbox it may not be true. */
  readonly walk_only?: true | undefined;
}

/** One term of a predicate; see `predicates.ts` for what each means. */
export interface Term {
  readonly held?: string;
  readonly that?: Readonly<Record<string, unknown>>;
  readonly server?: string;
  readonly where?: Readonly<Record<string, string>>;
  readonly seen?: Readonly<Record<string, unknown>>;
  readonly count?: { readonly min?: number; readonly max?: number };
  readonly each?: Readonly<Record<string, unknown>>;
  readonly not?: Term;
}
export interface Predicate {
  readonly says: string;
  readonly all: readonly Term[];
}

/** A likely edit, and what to say about what it brings. */
export interface LikelyEdit {
  readonly edit: string;
  readonly reason: string | null;
  readonly explain: string;
}

/** One deliberate change. `op` says which; the rest is its argument. */
export interface ChangeOp {
  readonly op: string;
  readonly request?: string;
  readonly query?: string;
  readonly form?: string;
  readonly header?: string;
  readonly at?: string;
  readonly value?: unknown;
  readonly part?: string;
  readonly after?: 'success' | 'failure';
  readonly after_ms?: number;
  readonly count?: number;
  readonly knob?: string;
  readonly advance?: number;
  readonly fault?: Readonly<Record<string, unknown>>;
  readonly step?: string;
  readonly [argument: string]: unknown;
}

export interface Option {
  readonly text: string;
  readonly right: boolean;
}

/** How a refusal reaches the client; `consent` where the consent page opens. */
export type Shown = 'page' | 'redirect' | 'json' | 'challenge' | 'client' | 'consent';

export interface Expected {
  /** Null: no answer comes. */
  readonly status: number | null;
  readonly error?: string;
  readonly shown: Shown;
  readonly reason?: string;
  /** What else can be seen, in words. */
  readonly also?: string;
}

export interface SeeAlso {
  readonly rules?: readonly string[];
  readonly scenarios?: readonly string[];
  readonly tracks?: readonly string[];
  readonly attacks?: readonly string[];
  /** Ids of experiments. */
  readonly experiments?: readonly string[];
}

/** A step of another track that runs before this track's own, folded. */
export interface BeginsWith {
  readonly track: string;
  /** This step alone. */
  readonly step?: string;
  /** All steps up to and with this one. */
  readonly until?: string;
  /** What it sends instead; see `borrow.ts`. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** The name under which its access token is held. */
  readonly as?: string;
}

/** Guess, run, see. `opens` in place of all the rest is a link to a lab. */
export interface Experiment {
  readonly id: string;
  readonly letter: string;
  readonly title: string;
  readonly kind: 'strictness' | 'attack' | 'clock' | 'concurrency';
  readonly opens: string | null;
  readonly change: readonly ChangeOp[];
  readonly question: string;
  readonly options: readonly Option[];
  readonly expected: Expected | null;
  readonly why: string;
  readonly clauses: readonly string[];
  readonly elsewhere: string | null;
  readonly see: SeeAlso;
}

export interface Step {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly lede: string;
  readonly margin_note: string;
  readonly actor_from: Party;
  readonly actor_to: Party;
  readonly action: string;
  readonly action_note: string;
  readonly requests: readonly StepRequest[];
  /** Knobs that are set while the step runs, and put back afterwards. */
  readonly knobs: Readonly<Record<string, unknown>>;
  /** The same knobs by default, so that they can be put back. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** What is done in the sandbox before the step runs. */
  readonly prelude: readonly ChangeOp[];
  /** Values that this step holds under another name: from its own to the other. */
  readonly renames?: Readonly<Record<string, string>>;
  readonly values_made: readonly ValueMade[];
  readonly what_the_server_does: readonly ServerDoes[];
  readonly notes: readonly Note[];
  readonly done_when: readonly Predicate[];
  /** A template, true when the step is done. */
  readonly result_line: string;
  readonly waits_for: { readonly value: string; readonly says: string } | null;
  readonly if_it_fails: readonly LikelyEdit[];
  readonly experiments: readonly Experiment[];
}

export interface LegendEntry {
  readonly mark: string;
  readonly says: string;
}
/** Texts of the drawn figures (`tracks/_figures.yaml`). */
export interface Figures {
  readonly wire: {
    readonly title: string;
    readonly numbering: string;
    readonly caption: string;
    readonly empty: string;
    readonly variants: readonly { readonly id: string; readonly title: string; readonly caption: string }[];
    readonly legend: readonly LegendEntry[];
    readonly alt: {
      readonly title: string;
      readonly done: string;
      readonly next: string;
      readonly failed: string;
      readonly silent: string;
    };
  };
  readonly holdings: {
    readonly title: string;
    readonly caption: string;
    readonly rows: readonly string[];
    readonly row_labels: Readonly<Record<string, string>>;
    readonly relations: readonly LegendEntry[];
    readonly absent: Readonly<Record<string, string>>;
    readonly alt: string;
  };
  readonly code_life: {
    readonly title: string;
    readonly caption: string;
    readonly states: Readonly<Record<string, string>>;
    readonly announce: readonly number[];
  };
  readonly run_chart: {
    readonly title: string;
    readonly numbering: string;
    readonly caption: string;
    readonly empty: string;
    readonly legend: readonly LegendEntry[];
    /** `verifier`: of a run that had one; then `over` if nothing is held that opens anything, else `alive`. */
    readonly closing: {
      readonly says: string;
      readonly verifier: string;
      readonly over: string;
      readonly alive: string;
    };
    readonly alt: { readonly title: string; readonly value: string };
  };
}

export interface GlossaryEntry {
  readonly id: string;
  readonly term: string;
  /** What else the texts call it; between backticks, as protocol. */
  readonly also: readonly string[];
  readonly says: string;
  readonly clause: string | null;
}

/** A guided walk through one flow. */
export interface Track {
  readonly id: string;
  readonly title: string;
  readonly number: number;
  /** Heading in the list of tracks. */
  readonly group: string;
  readonly main: boolean;
  readonly minutes: number;
  readonly teaches: string;
  readonly for_whom: string;
  readonly prerequisites: readonly string[];
  readonly revision_notes: readonly { readonly revision: string; readonly says: string }[];
  readonly ends_with: string;
  /** The reader's own MCP server may stand in for the sandbox's. */
  readonly stand_in: boolean;
  /** Knobs that the sandbox of this track has from the start. */
  readonly knobs: Readonly<Record<string, unknown>>;
  readonly begins_with: readonly BeginsWith[];
  readonly steps: readonly Step[];
  /** Steps of other tracks that run before the first; their ids are `track/step`. */
  readonly before: readonly Step[];
  /** Steps of other tracks that experiments run afterwards. */
  readonly others: readonly Step[];
  /** By name: all values that the track's templates and `values_made` name, and what derives from them. */
  readonly values: Readonly<Record<string, ValueInfo>>;
  /** By id: every clause that the track or a reason cites. */
  readonly clauses: Readonly<Record<string, ClauseRef>>;
  readonly figures: Figures;
  /** Seconds that things live in the sandbox of this track, from its configuration. */
  readonly lifetimes: { readonly code: number };
}

/** One step with its texts, and what they refer to. */
export interface StepPage {
  readonly step: Step;
  readonly clauses: Readonly<Record<string, ClauseRef>>;
  /** What each value is, by name. */
  readonly says: Readonly<Record<string, string>>;
}

/** A line of `/guide`: what the index needs of a track, without its steps. */
export interface TrackSummary {
  readonly id: string;
  readonly title: string;
  readonly number: number;
  /** Heading in the list of tracks. */
  readonly group: string;
  readonly main: boolean;
  readonly minutes: number;
  readonly teaches: string;
  readonly for_whom: string;
  readonly prerequisites: readonly string[];
  readonly steps: readonly { readonly id: string; readonly number: number; readonly title: string }[];
  /** Steps of other tracks that run before the first. */
  readonly before: readonly { readonly id: string; readonly title: string }[];
  /** How many experiments it has. */
  readonly experiments: number;
}
