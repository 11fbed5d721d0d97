/** When a step is done: the terms of `done_when`, judged on the facts of its latest run. */
import type { Predicate, Term } from '../types.ts';
import { type PredicateFacts, type Records, type Seen, type That, within } from './predicate.ts';
import { endpoint } from './seen/endpoint.ts';
import { error } from './seen/error.ts';
import { grantType } from './seen/grant-type.ts';
import { proof } from './seen/proof.ts';
import { status } from './seen/status.ts';
import { tool } from './seen/tool.ts';
import { clients } from './server/clients.ts';
import { deviceCodes } from './server/device-codes.ts';
import { sessions } from './server/sessions.ts';
import { active } from './that/active.ts';
import { audience } from './that/audience.ts';
import { boundTo } from './that/bound-to.ts';
import { equals } from './that/equals.ts';
import { generation } from './that/generation.ts';
import { has } from './that/has.ts';
import { returned } from './that/returned.ts';
import { scopeHas } from './that/scope-has.ts';
import { user } from './that/user.ts';

const thats: readonly That[] = [active, audience, boundTo, equals, generation, has, returned, scopeHas, user];
const seens: readonly Seen[] = [endpoint, error, grantType, proof, status, tool];
const servers: readonly Records[] = [clients, deviceCodes, sessions];

/** Predicates by name; the schema of the tracks takes these and no others. */
export const predicates = {
  that: new Map(thats.map((one) => [one.that, one])),
  seen: new Map(seens.map((one) => [one.seen, one])),
  server: new Map(servers.map((one) => [one.server, one])),
} as const;

/** Whether one term holds. */
export function holds(term: Term, facts: PredicateFacts): boolean {
  if (term.not) return !holds(term.not, facts);
  if (term.held !== undefined) {
    const name = term.held;
    if (facts.ledger.bag[name] === undefined) return false;
    return Object.entries(term.that ?? {}).every(
      ([key, wanted]) => predicates.that.get(key)?.holds(wanted, name, facts) ?? false,
    );
  }
  if (term.server !== undefined)
    return within(predicates.server.get(term.server)?.count(term.where ?? {}, facts) ?? 0, term.count);
  if (term.seen) {
    const matching = facts.entries.filter((entry) =>
      Object.entries(term.seen!).every(
        ([key, wanted]) => predicates.seen.get(key)?.holds(wanted, entry, facts) ?? false,
      ),
    );
    return within(matching.length, term.count);
  }
  return false;
}

/** The first of a step's predicates that does not hold; null if the step is done. */
export function unfulfilled(all: readonly Predicate[], facts: PredicateFacts): Predicate | null {
  return all.find((predicate) => !predicate.all.every((term) => holds(term, facts))) ?? null;
}
