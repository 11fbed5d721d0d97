import type { Conditions } from '#lib/exchange/conditions.ts';

/** Something that may have stopped a client. */
export interface Cause {
  readonly cause: string;
  readonly lookAt: string;
  /** The rule that would tell. */
  readonly rule?: string;
  /** Of which latest exchanges it can be true; of all if it says nothing. */
  readonly when?: Conditions;
}

export interface SilencePoint {
  readonly id: string;
  readonly point: string;
  readonly lastSeen: string;
  readonly nextExpected: string;
  /** Seconds of real time. */
  readonly silentAfter: number;
  /** In order of likelihood. */
  readonly causes: readonly Cause[];
}
