/** A rule: what it demands, in words, and the function that judges a run by it. */
import type { Run } from './run.ts';
import type { Clause, Finding, Level, Revision } from './types.ts';

/** What can be said of a client, and how it is told from its exchanges. */
export interface Rule {
  /** Stable: `phase.kebab-case`. */
  readonly id: string;
  readonly title: string;
  /** A MUST that is broken fails; a SHOULD warns. */
  readonly level: Level;
  /** The first and the last MCP revision whose clients it judges. */
  readonly from: Revision | 'oauth';
  readonly until: Revision | null;
  /** Clients of earlier revisions and without MCP get a warning. */
  readonly earlier?: 'warn';
  /** The first one is quoted. */
  readonly spec: readonly [Clause, ...Clause[]];
  readonly assessable: string;
  readonly pass: string;
  readonly fail: string;
  /** When something that did not happen is certain not to happen. */
  readonly absence?: string;
  readonly evidence: string;
  readonly why: string;
  readonly fix: string;
  /** The scenarios under which alone it can be observed; empty if any run shows it. */
  readonly scenarios: readonly string[];
  readonly pitfalls: readonly string[];
  /** Checks of the MCP conformance suite on the same point. */
  readonly checks: readonly string[];
  readonly judge: (run: Run) => Finding;
}
