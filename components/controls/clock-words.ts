import { spell } from '#lib/live/rows.ts';
import type { SandboxInfo } from '#lib/live/types.ts';

/** "+1 h", "frozen at +1 h". */
export function clockWords({ offset, frozen }: SandboxInfo['clock']): string {
  const off = Math.abs(offset) < 1 ? '+0 s' : `${offset < 0 ? '−' : '+'}${spell(offset)}`;
  return frozen ? `frozen at ${off}` : off;
}
