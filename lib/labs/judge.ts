/** Whether a goal is met, or a damage done: the terms of a lab, judged on what the server answered and keeps. */
import { decodeToken, redirectOf } from '#lib/exchange/read.ts';
import type { Done, Lab, LabCheck, LabRun, Predicate, Term } from './types.ts';

/** The checks of an act in their order: the server's, then those of the client or the browser. */
export function checksOf(done: Done): LabCheck[] {
  const server = done.exchange?.between ?? [];
  const by = done.to === 'mcp' ? 'mcp' : 'as';
  return [
    ...server.map((check): LabCheck => ({ ...check, by, reason: check.ok ? null : (done.exchange?.reason ?? null) })),
    ...done.checks,
  ];
}

/** The check that objected; null if none did. */
export function objectionOf(done: Done): LabCheck | null {
  return checksOf(done).find((check) => !check.ok) ?? null;
}

function answered(term: Extract<Term, { is: 'answered' }>, done: Done): boolean {
  const response = done.exchange?.response;
  const objection = objectionOf(done);
  const target = done.exchange && redirectOf(done.exchange);
  return (
    done.missing.length === 0 &&
    (term.status === undefined || response?.status === term.status) &&
    (term.reason === undefined || objection?.reason === term.reason) &&
    (term.check === undefined || objection?.check === term.check) &&
    (term.has === undefined || response?.body?.includes(term.has) === true) &&
    (term.redirects === undefined || (target !== null && /\battacker\.example\b/.test(target.href)))
  );
}

/** The grant that a token came with, by the exchange that brought it; null if nothing is known of it. */
function grantOf(value: string, run: LabRun): string | null {
  const brought = run.done.find((done) => done.exchange?.response?.body?.includes(value));
  return brought?.exchange?.grantId ?? null;
}

function holds(term: Term, run: LabRun): boolean {
  switch (term.is) {
    case 'not':
      return !holds(term.term, run);
    case 'families':
      return run.families >= (term.min ?? 0) && run.families <= (term.max ?? Number.POSITIVE_INFINITY);
    case 'answered': {
      const ids = [term.act].flat();
      return run.done.filter((done) => ids.includes(done.act) && answered(term, done)).length >= (term.min ?? 1);
    }
    case 'held': {
      const value = run.bags[term.by][term.value];
      if (value === undefined) return false;
      if (term.user !== undefined && decodeToken(value)?.claims.sub !== term.user) return false;
      if (term.active === undefined) return true;
      const grant = grantOf(value, run);
      return grant !== null && (run.grants[grant] ?? false) === term.active;
    }
  }
}

/** Whether all terms of a predicate hold. */
export function isMet({ all }: Predicate, run: LabRun): boolean {
  return all.every((term) => holds(term, run));
}

/** Whether every moment of a run has been played or passed over. */
export function isOver(lab: Lab, run: LabRun | null | undefined): run is LabRun {
  return run !== null && run !== undefined && run.next >= lab.moments.length;
}

/** What a finished run came to: the attack did its damage, or the goal was met. */
export function verdictOf(lab: Lab, run: LabRun): 'damage' | 'met' {
  return isMet(lab.goal, run) ? 'met' : 'damage';
}

/** The act at which the defence acted, and the objection of its check; null if it did not object. */
export function stopOf(lab: Lab, run: LabRun): { readonly done: Done; readonly check: LabCheck } | null {
  for (const done of run.done.filter((one) => one.act === lab.stop.act)) {
    const check = objectionOf(done);
    if (check?.check === lab.stop.check) return { done, check };
  }
  return null;
}
