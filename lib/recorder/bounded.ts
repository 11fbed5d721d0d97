/** What a check compared, small enough to be kept: a client decides how long what it sends is. */

/** Characters of one text, entries of one list or object, and characters of all that one check compared. */
const LONGEST = 2000;
const MOST = 200;
const IN_ALL = 8000;
/** Levels of lists and objects in one another. */
const DEEPEST = 6;

/** The value itself if it is small, as nearly all are; else a copy that says what was left out, in its place. */
export function bounded<T>(value: T): T {
  return fits(value, { left: IN_ALL }, DEEPEST) ? value : (cut(value, { left: IN_ALL }, DEEPEST) as T);
}

/** Whether `cut` would leave the value as it is, said without a copy. */
function fits(value: unknown, budget: { left: number }, depth: number): boolean {
  if (typeof value === 'string') {
    budget.left -= value.length;
    return value.length <= LONGEST && budget.left >= 0;
  }
  if (typeof value !== 'object' || value === null) {
    budget.left -= 8;
    return budget.left >= 0;
  }
  if (depth === 0) return false;
  if (Array.isArray(value))
    return value.length <= MOST && value.every((item) => budget.left > 0 && fits(item, budget, depth - 1));
  const names = Object.keys(value);
  return (
    names.length <= MOST &&
    names.every((name) => {
      budget.left -= name.length;
      return budget.left > 0 && fits((value as Record<string, unknown>)[name], budget, depth - 1);
    })
  );
}

function cut(value: unknown, budget: { left: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const most = Math.min(LONGEST, Math.max(0, budget.left));
    budget.left -= Math.min(value.length, most);
    return value.length <= most ? value : `${value.slice(0, most)}… (${value.length} characters)`;
  }
  if (typeof value !== 'object' || value === null) {
    budget.left -= 8;
    return value;
  }
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const kept: unknown[] = [];
    for (const item of value) {
      if (kept.length === MOST || budget.left <= 0) break;
      kept.push(cut(item, budget, depth - 1));
    }
    if (kept.length < value.length) kept.push(`… ${value.length - kept.length} more`);
    return kept;
  }
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (kept.length === MOST || budget.left <= 0) break;
    budget.left -= name.length;
    kept.push([name.slice(0, LONGEST), cut(member, budget, depth - 1)]);
  }
  return Object.fromEntries(kept);
}
