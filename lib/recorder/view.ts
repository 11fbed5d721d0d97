/** How a sandbox is shown: with its secrets to its owner who asks for them, masked to everybody else. */
import type { LedgerEntry } from '#lib/exchange/types.ts';
import { redactEntry, redactValue } from './redact.ts';

/** Everything that leaves a sandbox towards a person goes through one of these. */
export interface View {
  readonly entry: <T extends LedgerEntry>(entry: T) => T;
  /** Configuration, faults and what else is plain JSON. */
  readonly value: <T>(value: T) => T;
}

/** Shows everything as it was recorded. */
export const revealing: View = { entry: (entry) => entry, value: (value) => value };

/**
 * Masks every secret.
 * @param salt secret of the sandbox: masks of one sandbox say nothing about values of another
 */
export function masking(salt: string): View {
  return { entry: (entry) => redactEntry(entry, salt), value: (value) => redactValue(value, salt) };
}
