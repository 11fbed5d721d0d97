import { toolResultOf } from '#lib/exchange/read.ts';
import type { Exchange } from '../../types.ts';
import type { Read } from '../value.ts';

/** The notes in a tool's result: structured if it has such a part, else JSON in its text; null if there are none. */
export function notesIn(exchange: Exchange): readonly unknown[] | null {
  const result = toolResultOf(exchange);
  if (!result || result.isError === true) return null;
  const structured = result.structuredContent as { notes?: unknown } | undefined;
  if (Array.isArray(structured?.notes)) return structured.notes;
  const first = Array.isArray(result.content) ? (result.content[0] as { text?: unknown } | undefined)?.text : null;
  if (typeof first !== 'string') return null;
  try {
    const value: unknown = JSON.parse(first);
    if (Array.isArray(value)) return value;
    const inner = (value as { notes?: unknown }).notes;
    return Array.isArray(inner) ? inner : null;
  } catch {
    return null;
  }
}

/** What the tool gave, as JSON. */
export const notes: Read = {
  value: 'notes',
  read: (exchange) => {
    const found = notesIn(exchange);
    return found ? JSON.stringify(found) : null;
  },
};
