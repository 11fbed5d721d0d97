/**
 * The types of the guide, in three parts: the data of a track, the facts of a run, and what is
 * shown. See `run.ts` for what a page calls, `derive.ts` for what it draws.
 */
export type * from './types/track.ts';
export type * from './types/state.ts';
export type * from './types/view.ts';

import type { Edit, ExperimentRecord, RunState, Running } from './types/state.ts';
import type { StepPage, Track } from './types/track.ts';

/**
 * A run, in one tab. Made by `createRun(track, options)` in `run.ts`; React reads it through
 * `useArriving(run)`.
 */
export interface Run {
  /** Changes identity with every change. */
  snapshot(): RunSnapshot;
  /**
   * Also tells of changes by other tabs.
   * @param listener told whether the reader has typed or chosen what changed
   * @returns how to stop listening
   */
  subscribe(listener: (isOwn?: boolean) => void): () => void;
  /** Call once after mounting, and on `pageshow`: reads what is kept, asks the recorder what happened meanwhile. */
  wake(): Promise<void>;
  /**
   * Values that the client makes before it asks (state, verifier, challenge), where the step has
   * such and none are fresh. Call when a step is shown.
   */
  prepare(step: string): Promise<void>;
  /**
   * Sends the step's requests, in order, as far as they succeed. Makes the sandbox if there is none.
   * @returns where the browser must go now (`location.assign`), or null
   */
  send(step: string): Promise<string | null>;
  /** Adds the texts of a step: a page brings those of the step that it shows. */
  learn(page: StepPage): void;
  /** Runs what comes before a step, so that it can be sent: “Bring me here”. A made-up user approves. */
  bring(step: string): Promise<void>;
  /** Begins anew with the reader's own MCP server in the place of the sandbox's; null: with the sandbox's. */
  standIn(url: string | null): Promise<void>;
  /** Looks what became of a page that was opened in another window. */
  look(): Promise<void>;
  /** Moves the clock of the sandbox on by so many seconds. */
  advance(seconds: number): Promise<void>;
  /** Stops the clock of the sandbox, or lets it run on from where it stands. Does nothing without a sandbox. */
  freeze(on: boolean): Promise<void>;
  /** Makes the sandbox if there is none, and sends nothing: for a client that is not this page. */
  open(): Promise<void>;
  /** Gives up what is under way. */
  abort(): void;
  edit(step: string, request: string, key: string, edit: Edit): void;
  /** Takes back one edit, those of a request, or of a whole step. */
  restore(step: string, request?: string, key?: string): void;
  /** Forgets everything from this step on. */
  restart(step: string): void;
  /** Forgets the run and its sandbox. */
  reset(): void;
  /**
   * The browser has come back with the answer: call at `/guide/callback` with `location.href`.
   * Checks `state` and `iss` before the code is held.
   * @returns the step to show
   */
  returned(href: string): Promise<string>;
  /** Notes what the reader guesses. */
  guess(experiment: string, option: number): void;
  /** Runs an experiment in a copy of the sandbox. @returns what came */
  experiment(experiment: string): Promise<ExperimentRecord>;
}

export interface RunSnapshot {
  /** The index of the track, with the texts of the steps that were shown. */
  readonly track: Track;
  readonly state: RunState;
  readonly running: Running | null;
  /** Whether the page was opened by an answer that came back from the server. */
  readonly arrived: boolean;
  /** False until `wake` has read what is kept. */
  readonly awake: boolean;
  /** What went wrong outside of the protocol: no sandbox could be made, the server is not reachable. */
  readonly trouble: string | null;
  /** Experiments that the server offers what they need for; null while that is not known. */
  readonly offered: readonly string[] | null;
}
