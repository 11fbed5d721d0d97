/**
 * The state of a step as a link: what was edited, and which experiment is open. Nothing of a sandbox is in it, and no
 * guess: whoever opens it makes their own.
 */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
import { parseObject } from '#lib/exchange/read.ts';
import type { Edit, RequestEdits } from './types.ts';

export interface Frozen {
  /** By request, then by parameter key. */
  readonly edits: Readonly<Record<string, RequestEdits>>;
  /** Letter of the experiment that is open; null: none is. */
  readonly experiment: string | null;
}

/** Characters of a link that are read at most. */
const MOST = 8000;

/** The fragment that holds a state. */
export function freeze({ edits, experiment }: Frozen): string {
  return `#state=${toBase64url(new TextEncoder().encode(JSON.stringify({ edits, experiment })))}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readEdit(value: unknown): Edit | null {
  if (!isObject(value)) return null;
  const text = typeof value.value === 'string' ? value.value : null;
  return typeof value.omitted === 'boolean' ? { value: text, omitted: value.omitted } : { value: text };
}

/** The state in a fragment; null if there is none, or if it is not one of ours. */
export function thaw(fragment: string): Frozen | null {
  const encoded = /^#state=([A-Za-z0-9_-]+)$/.exec(fragment)?.[1];
  if (encoded === undefined || encoded.length > MOST) return null;
  let told: Record<string, unknown> | null;
  try {
    told = parseObject(new TextDecoder().decode(fromBase64url(encoded)));
  } catch {
    return null;
  }
  if (told === null || !isObject(told.edits)) return null;
  const edits = Object.entries(told.edits).map(([request, of]) => [
    request,
    Object.fromEntries(
      Object.entries(isObject(of) ? of : {}).flatMap(([key, value]) => {
        const edit = readEdit(value);
        return edit ? [[key, edit]] : [];
      }),
    ),
  ]);
  const { experiment } = told;
  return {
    edits: Object.fromEntries(edits),
    experiment: typeof experiment === 'string' && /^[a-z]$/.test(experiment) ? experiment : null,
  };
}
