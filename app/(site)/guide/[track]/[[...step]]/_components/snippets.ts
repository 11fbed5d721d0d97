import type { SnippetKind } from '#components/exchange/figure.tsx';
import { snippetsOf } from '#lib/exchange/write/index.ts';
import type { ExchangeView } from '#lib/guide/types.ts';

/** The exchange as something to paste; null if there is no such form of it. */
export function snippetOf(view: ExchangeView, kind: SnippetKind): string | null {
  return snippetsOf(view.entry.exchange)[kind];
}
