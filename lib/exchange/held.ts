/** Values in hand: what texts are coloured by. */
import type { Party } from './types.ts';

/** A value in hand. */
export interface HeldValue {
  readonly name: string;
  readonly value: string;
  readonly madeBy: Party | 'attacker';
  readonly secret: boolean;
  /** Step and attempt that made it; null for what is given (`base`, `mcp_url`, …). */
  readonly step: string | null;
  readonly run: number;
  /** Stands in for what is not known yet, such as the address of a sandbox to be made. */
  readonly provisional?: boolean;
}
export type Bag = Readonly<Record<string, HeldValue>>;
