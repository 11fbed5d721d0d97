import { type Exchange, isChange, type LedgerEntry } from '#lib/exchange/types.ts';
import type { Flow } from '#lib/exchange/flows.ts';

/** A line of the ledger: an entry, or the head of a flow. */
export type Item =
  | { readonly kind: 'flow'; readonly key: string; readonly flow: Flow }
  | {
      readonly kind: 'row';
      readonly key: number;
      readonly entry: LedgerEntry;
      /** The entry before it, from which its time counts. */
      readonly before: LedgerEntry | undefined;
      /** Its place in the list, from 1. */
      readonly place: number;
    };

/**
 * The lines in the order in which they are drawn.
 * @param flows exchanges by what they belong to, without the changes between them; null: as they came
 */
export function itemsOf(entries: readonly LedgerEntry[], flows: readonly Flow[] | null): Item[] {
  if (flows === null)
    return entries.map((entry, index) => ({
      kind: 'row',
      key: entry.seq,
      entry,
      before: entries[index - 1],
      place: index + 1,
    }));
  const shown = new Set<LedgerEntry>(entries);
  let place = 0;
  return flows.flatMap((flow): Item[] => {
    const own = flow.exchanges.filter((exchange: Exchange) => shown.has(exchange) && !isChange(exchange));
    if (own.length === 0) return [];
    return [
      { kind: 'flow', key: `flow-${flow.id}`, flow: { ...flow, exchanges: own } },
      ...own.map((entry, index): Item => {
        place += 1;
        return { kind: 'row', key: entry.seq, entry, before: own[index - 1], place };
      }),
    ];
  });
}
