import type { Trace, TraceFacts } from '#lib/oauth/context.ts';
import type { Check, Fetched } from '#lib/exchange/types.ts';

/** One knob, fault, stage or patch that had a hand in an answer. */
export type Acted = TraceFacts['acted'];

/** The notes that are taken on the way through one request. */
export class RequestTrace implements Trace {
  readonly checks: Check[] = [];
  facts: Partial<TraceFacts> = {};
  /** Every fault, knob, stage and patch that acted, in order; `facts.acted` holds the last. */
  readonly acted: Acted[] = [];

  /** What was fetched on the client's word. */
  readonly fetched: Fetched[] = [];

  check(entry: Check): void {
    this.checks.push(entry);
  }

  set(facts: Partial<TraceFacts>): void {
    if (facts.acted) this.acted.push(facts.acted);
    Object.assign(this.facts, facts);
  }
}
