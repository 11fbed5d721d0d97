/**
 * The state of a step as a link: what was edited, and which experiment is open. Nothing of a sandbox is in it, and no
 * guess: whoever opens it makes their own.
 */
import { fromBase64url, toBase64url } from '#lib/exchange/encoding.ts';
import { isObject, parseObject } from '#lib/exchange/read.ts';
import { parameterKey } from './prepare.ts';
import type { Edit, RequestEdits, Step } from './types.ts';

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

function readEdit(edit: unknown): Edit | null {
  if (!isObject(edit)) return null;
  const { value = null, omitted } = edit;
  if (value !== null && typeof value !== 'string') return null;
  if (omitted === undefined) return { value };
  return typeof omitted === 'boolean' ? { value, omitted } : null;
}

/**
 * Why the state in a fragment is not taken, or not all of it; null if nothing is wrong with it, or there is none.
 * @param step that the fragment stands behind
 */
export function refusalOf(fragment: string, step: Pick<Step, 'requests' | 'experiments'>): string | null {
  if (!fragment.startsWith('#state=')) return null;
  const frozen = thaw(fragment);
  if (frozen === null)
    return 'What this link changes cannot be read, and nothing was changed. Ask for the whole link again.';
  const isKnown = Object.entries(frozen.edits).every(([id, edits]) => {
    const request = step.requests.find((one) => one.id === id);
    const keys = new Set(request?.parameters.map(parameterKey));
    return request !== undefined && Object.keys(edits).every((key) => keys.has(key));
  });
  const { experiment } = frozen;
  const isThere = experiment === null || step.experiments.some(({ letter }) => letter === experiment);
  return isKnown && isThere ? null : 'This link names something that this step does not have. That part has no effect.';
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
  const { edits, experiment = null } = told;
  if (experiment !== null && !(typeof experiment === 'string' && /^[a-z]$/.test(experiment))) return null;
  const all: [string, RequestEdits][] = [];
  for (const [request, of] of Object.entries(edits)) {
    if (!isObject(of)) return null;
    const read = Object.entries(of).map(([key, value]) => [key, readEdit(value)] as const);
    if (!read.every((pair): pair is readonly [string, Edit] => pair[1] !== null)) return null;
    all.push([request, Object.fromEntries(read)]);
  }
  return { edits: Object.fromEntries(all), experiment };
}
