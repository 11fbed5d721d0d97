/** Entries of a ledger, as the store keeps them. */
import { storedExchange } from '#lib/exchange/make.ts';
import { isChange, type LedgerEntry, MAX_EXCHANGES } from '#lib/exchange/types.ts';
import type { ExchangeRecord } from '#lib/store/store.ts';
import { exchangeBytes } from './draft.ts';

/** Stands for an entry that has a number and is not kept. */
const GONE = { at: 0, bytes: 0, data: {} };

/**
 * What is written of entries.
 * @param beyond so many came before them and were dropped. They take numbers, and are not kept: a reader sees by the
 *   first number that is kept that some are gone. They count only if the entries fill the ledger.
 */
export function recordsOf(entries: readonly LedgerEntry[], beyond: number): Omit<ExchangeRecord, 'seq'>[] {
  const written = entries.map((entry) => ({
    at: Date.parse(entry.at),
    bytes: bytesOf(entry),
    data: storedEntry(entry),
  }));
  return written.length < MAX_EXCHANGES ? written : [...Array.from({ length: beyond }, () => GONE), ...written];
}

function storedEntry(entry: LedgerEntry): Record<string, unknown> {
  if (!isChange(entry)) return storedExchange(entry) as unknown as Record<string, unknown>;
  const { seq: _, ...change } = entry;
  return change;
}

function bytesOf(entry: LedgerEntry): number {
  return isChange(entry) ? JSON.stringify(entry).length : exchangeBytes(entry);
}
