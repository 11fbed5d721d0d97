/** What is said of a knob, once. Pages, OpenAPI, the reference and the types of the kit are made from it. */
import type { z } from 'zod';

/** Groups of the page of a sandbox, in the order in which they are shown. */
export const KNOB_GROUPS = [
  'Refresh and revocation',
  'Tokens and keys',
  'Authorization',
  'Consent',
  'Scopes',
  'MCP server',
  'Discovery',
  'Clients',
  'Device',
  'DPoP',
  'Server',
] as const;
export type KnobGroup = (typeof KNOB_GROUPS)[number];

/** Where a knob acts: endpoints, and `transport` for what acts on any answer. */
export const PLACES = [
  'prm',
  'as-metadata',
  'register',
  'authorize',
  'consent',
  'token',
  'introspect',
  'userinfo',
  'jwks',
  'device',
  'resource',
  'transport',
] as const;
export type KnobPlace = (typeof PLACES)[number];

/**
 * Where values are refused: on a public instance, in the sandbox `default` of a public instance, or
 * if the sandbox shares its origin with others.
 */
export type RefusedWhere = 'public' | 'public-default' | 'shared-origin';

/** Values that are refused by name somewhere. */
export interface KnobRefusal<V> {
  readonly where: RefusedWhere;
  /** Whether the value is one of them. */
  readonly refuses: (value: V) => boolean;
  /** The sentence for the person who set it: which value is refused, and why. */
  readonly says: string;
}

/** One knob. */
export interface Knob<S extends z.ZodType = z.ZodType> {
  /** What it takes; parses and types. */
  readonly schema: S;
  readonly default: z.output<S>;
  /** A few words for a list. */
  readonly title: string;
  /** What the server does at each setting. */
  readonly does: string;
  readonly group: KnobGroup;
  readonly actsAt: readonly KnobPlace[];
  /** Unit of its numbers. */
  readonly unit?: 'seconds';
  /** Form of a structured value, for people. */
  readonly shape?: string;
  readonly refused?: readonly KnobRefusal<z.output<S>>[];
  /**
   * true: nothing obeys the knob yet. A list: nothing obeys these values yet. Both are refused by
   * name: what is accepted is acted on.
   */
  readonly notBuilt?: true | readonly unknown[];
}

/** Checks the parts of a knob against each other; the type of its values follows from the schema. */
export function knob<S extends z.ZodType>(entry: Knob<S>): Knob<S> {
  return entry;
}
