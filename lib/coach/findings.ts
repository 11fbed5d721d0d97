/** What rules return, and how what several occasions show becomes one finding. */
import type { Exhibit, Finding, ReasonCode } from './types.ts';

/** Seen, and no later exchange of the run can turn it. */
export function pass(says: string, ...exhibits: readonly Exhibit[]): Finding {
  return { verdict: 'pass', says, exhibits };
}

/** Seen so far; a later exchange of the run can turn it. */
export function passSoFar(says: string, ...exhibits: readonly Exhibit[]): Finding {
  return { verdict: 'pass', says, exhibits, soFar: true };
}

/** Broken. The first exhibit is the exchange that decided. */
export function fail(says: string, ...exhibits: readonly [Exhibit, ...Exhibit[]]): Finding {
  return { verdict: 'fail', says, exhibits };
}

/** The milder case of a rule whose level is MUST. */
export function warn(says: string, ...exhibits: readonly [Exhibit, ...Exhibit[]]): Finding {
  return { verdict: 'warn', says, exhibits };
}

/** Not to be judged, and why. */
export function none(code: ReasonCode, says?: string): Finding {
  return { verdict: 'not_observed', code, ...(says === undefined ? {} : { says }) };
}

/** What must be over before it counts, in ms since the epoch. */
export function waiting(until: number, says: string): Finding {
  return { verdict: 'not_observed', code: 'waiting', says, until };
}

/** Why nothing was observed: the closer to a verdict, the earlier. */
export const CODES: readonly ReasonCode[] = [
  'waiting',
  'open',
  'own-network',
  'not-attributable',
  'on-purpose',
  'not-kept',
  'own-origin',
  'needs-plan',
  'other-kind',
  'other-revision',
  'needs-scenario',
  'no-occasion',
];
const WEIGHT = { fail: 3, warn: 2, pass: 1, not_observed: 0 } as const;

/**
 * The finding of several occasions: the worst counts, the first of equals is shown. A pass beside an occasion that is
 * still open is a pass so far.
 */
export function worst(findings: readonly Finding[], otherwise: Finding = none('no-occasion')): Finding {
  let chosen = otherwise;
  let open = false;
  for (const finding of findings) {
    if (finding.verdict === 'not_observed' ? finding.code === 'waiting' || finding.code === 'open' : finding.soFar)
      open = true;
    if (heavier(finding, chosen)) chosen = finding;
  }
  return chosen.verdict === 'pass' && open ? { ...chosen, soFar: true } : chosen;
}

function heavier(a: Finding, b: Finding): boolean {
  if (a.verdict === 'not_observed' && b.verdict === 'not_observed')
    return CODES.indexOf(a.code) < CODES.indexOf(b.code);
  return WEIGHT[a.verdict] > WEIGHT[b.verdict];
}
