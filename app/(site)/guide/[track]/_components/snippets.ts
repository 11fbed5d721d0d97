import type { SnippetKind } from '#components/exchange/figure.tsx';
import type { ExchangeView, RequestView } from '#lib/guide/types.ts';
import type { WalkHandle } from './use-walk.ts';

/** The exchange as something to paste. */
export function snippetOf(_view: ExchangeView, _kind: SnippetKind, _walk: WalkHandle): string | null {
  return null;
}
export function asSent(request: RequestView): string { return request.url; }
export function requestSnippet(request: RequestView, _kind: 'curl'): string { return request.url; }
