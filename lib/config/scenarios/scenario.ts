/** What is known of a scenario: a named set of knobs, what a client has to do there, and how to see it. */
import type { KnobInput } from '../config.ts';
import type { Citation } from './clauses.ts';

/** Groups, in the order in which they are shown. */
export const SCENARIO_GROUPS = [
  'discovery',
  'registration',
  'authorization response',
  'tokens',
  'scopes',
  'resource',
  'refresh',
  'device',
  'dpop',
  'extensions',
  'faults',
  'quirks',
] as const;
export type ScenarioGroup = (typeof SCENARIO_GROUPS)[number];

/** What a client must be able to do for the scenario to say anything about it. */
export const FEATURES = [
  'cimd',
  'pre-registered',
  'device',
  'dpop',
  'client-credentials',
  'enterprise',
  'workload',
  'refresh',
] as const;
export type Feature = (typeof FEATURES)[number];

/** Kinds of clients: `oauth` is a client without MCP. */
export const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28', 'oauth'] as const;
export type Revision = (typeof REVISIONS)[number];

/**
 * One thing that a person or a driver does: connect, list the tools, call one, do the same again, wait in real
 * time, move the clock of the sandbox, decide for the user, connect anew.
 */
export type DriveStep =
  | 'connect'
  | 'list'
  | 'again'
  | 'reconnect'
  | { readonly call: string }
  | { readonly wait: number }
  | { readonly advance: number }
  | { readonly decide: 'approve' | 'deny' };

/** Why no rule judges a scenario. */
export interface NotJudged {
  /** Why what reaches the server does not tell a client that does well from one that does not. */
  readonly why: string;
  /** What a person looks at instead, in the client or in the record. */
  readonly look: string;
}

/** A scenario as it is written down. */
export interface ScenarioEntry {
  readonly title: string;
  /** What the server does. */
  readonly does: string;
  /** The same as configuration. */
  readonly knobs: KnobInput;
  /** What to use instead if the sandbox is alone on its origin. */
  readonly knobsOwnOrigin?: KnobInput;
  readonly conformingClient: string;
  readonly commonMistakes: readonly string[];
  /** Ids of the rules that it is about; empty if no rule can tell, and `notJudged` says why. */
  readonly judgedBy: readonly string[];
  /** Only if `judgedBy` is empty; `conforming` has none, since every rule is about it. */
  readonly notJudged?: NotJudged;
  readonly spec: readonly Citation[];
  /** none: no clause demands one behaviour, and the scenario shows what a client does. */
  readonly level: 'MUST' | 'SHOULD' | 'MAY' | 'none';
  readonly versions: readonly Revision[];
  /** The scenario of the MCP conformance suite with the same behaviour. */
  readonly conformance?: { readonly name: string; readonly status: 'released' | 'proposed' };
  /** Whether it can run below a path of a shared origin; yes unless said otherwise. */
  readonly hosting?: 'yes' | 'variant' | 'no';
  readonly hostingNote?: string;
  readonly feature?: Feature;
  /** What to do there; connect, list and one call unless said otherwise. */
  readonly drive?: readonly DriveStep[];
}

/** What shows most scenarios. */
export const USUAL_DRIVE: readonly DriveStep[] = ['connect', 'list', { call: 'whoami' }];

/** A group of scenarios, with their ids kept as types. */
export function scenarioGroup<Id extends string>(
  group: ScenarioGroup,
  entries: Readonly<Record<Id, ScenarioEntry>>,
): Readonly<Record<Id, ScenarioEntry & { readonly group: ScenarioGroup }>> {
  return Object.fromEntries(
    Object.entries<ScenarioEntry>(entries).map(([id, entry]) => [id, { ...entry, group }]),
  ) as Record<Id, ScenarioEntry & { readonly group: ScenarioGroup }>;
}
