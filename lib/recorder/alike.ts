/**
 * Holds once what is the same in exchanges that wait to be written. Under load hundreds of them wait, and the garbage
 * collector copies all that they hold each time that it runs: headers and checks that are nearly always the same.
 */
import type { Check } from '#lib/exchange/types.ts';
import type { Draft } from './draft.ts';

/** Levels of lists and objects in one another that are compared. */
const DEEPEST = 3;

export interface Alike {
  /** @returns the draft, with headers and checks of an earlier one at the same endpoint wherever they are equal */
  heldOnce(draft: Draft): Draft;
  /** Forgets the earlier ones. */
  clear(): void;
}

export function createAlike(): Alike {
  /** The latest of each endpoint. */
  const latest = new Map<string, Draft>();
  return {
    heldOnce(draft) {
      const before = latest.get(draft.endpoint);
      const held = before === undefined ? draft : withPartsOf(before, draft);
      latest.set(draft.endpoint, held);
      return held;
    },
    clear: () => latest.clear(),
  };
}

function withPartsOf(before: Draft, draft: Draft): Draft {
  const { response } = draft;
  return {
    ...draft,
    rawHeaders: listOf(before.rawHeaders, draft.rawHeaders),
    response:
      response === null || before.response === null
        ? response
        : { ...response, rawHeaders: listOf(before.response.rawHeaders, response.rawHeaders) },
    checks: checksOf(before.checks, draft.checks),
  };
}

const listOf = (before: readonly string[], list: readonly string[]): readonly string[] =>
  isAlike(before, list, 1) ? before : list;

function checksOf(before: readonly Check[], checks: readonly Check[]): readonly Check[] {
  if (checks.length !== before.length) return checks;
  let held: Check[] | null = null;
  for (let at = 0; at < checks.length; at += 1) {
    const check = checks[at]!;
    const earlier = before[at]!;
    const isSame =
      check.check === earlier.check &&
      check.ok === earlier.ok &&
      check.says === earlier.says &&
      check.clause === earlier.clause &&
      isAlike(check.evidence, earlier.evidence, DEEPEST);
    if (!isSame && held === null) held = before.slice(0, at);
    held?.push(isSame ? earlier : check);
  }
  return held ?? before;
}

/** Whether two values have the same members; deeper than `depth` only if they are one and the same. */
function isAlike(one: unknown, other: unknown, depth: number): boolean {
  if (one === other) return true;
  if (depth === 0 || typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at += 1) if (!isAlike(one[at], other[at], depth - 1)) return false;
    return true;
  }
  let members = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name)) return false;
    members += 1;
    if (!isAlike((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name], depth - 1))
      return false;
  }
  for (const _ in other) members -= 1;
  return members === 0;
}
