/** What an operation of an experiment is. Each operation is one file of this folder; `index.ts` lists them. */
import type { Prepared } from '../prepare.ts';
import type { Walker } from '../walker.ts';
import type { LabWalker } from '../experiments/lab-walker.ts';
import type { Bag, ChangeOp, ControlApi, SandboxRef, Step, StepRequest } from '../types.ts';

/** Type of an argument; `?` means that it may be left out. */
export type ArgumentType = 'string' | 'number' | 'boolean' | 'names' | 'record' | 'any';
export type Arguments = Readonly<Record<string, ArgumentType | `${ArgumentType}?`>>;

/** The sandbox that an operation works on. */
export interface PreludeContext {
  readonly walker: Walker;
  readonly api: ControlApi;
  readonly sandbox: SandboxRef;
}

/** Where an operation works: the copy of the sandbox, brought to the step. */
export interface OpContext extends PreludeContext {
  readonly walker: LabWalker;
  readonly step: Step;
  /** Runs a step of this track, or of another as `track/step`. */
  readonly runStep: (step: Step) => Promise<void>;
}

export interface Op {
  readonly op: string;
  /** Its arguments, beside `op`. The schema of the tracks is made from this. */
  readonly takes: Arguments;
  /** Paths of the control API that it needs below `/api/sandboxes/{id}/`. */
  readonly needs?: (change: ChangeOp) => readonly string[];
  /** Knobs that the copy is made with. */
  readonly configure?: (change: ChangeOp) => Readonly<Record<string, unknown>>;
  /** What is done before the step runs, in the visitor's own sandbox too: for the `prelude` of a step. */
  readonly prelude?: (change: ChangeOp, context: PreludeContext) => Promise<void>;
  /** What is done before the step runs, in a copy only. */
  readonly arrange?: (change: ChangeOp, context: OpContext) => Promise<void>;
  /** Changes a request that is about to be sent. */
  readonly alter?: (prepared: Prepared, change: ChangeOp, bag: Bag, at: AlterContext) => Prepared | Promise<Prepared>;
  /** How many times a request is sent at the same instant. */
  readonly times?: (change: ChangeOp) => number;
  /** What is done after the step has run. */
  readonly follow?: (change: ChangeOp, context: OpContext) => Promise<void>;
}

export interface AlterContext {
  readonly walker: LabWalker;
  readonly request: StepRequest;
}
