/**
 * The track as an outside client walks it: what the guide's own client would have done, and what
 * cannot be seen of another, is left out of the conditions and of the lines.
 */
import { queryOf } from '#lib/exchange/read.ts';
import type { Entry, Predicate, Step, Term, Track } from '../types.ts';
import { tokenAnswerOf } from './log.ts';

function lastOf(log: readonly Entry[], step: string, request: string) {
  const last = log.findLast((entry) => entry.kind === 'exchange' && entry.step === step && entry.request === request);
  return last?.kind === 'exchange' ? last : null;
}

function without(predicates: readonly Predicate[], change: (term: Term) => Term | null): Predicate[] {
  return predicates.map((predicate) => ({ ...predicate, all: predicate.all.flatMap((term) => change(term) ?? []) }));
}

/** Whether a value has been seen: what was never read here cannot be compared with. */
function wasSeen(log: readonly Entry[], name: string): boolean {
  return log.some((entry) => entry.made[name] !== undefined);
}

/** A term without one thing that it asks. */
function mild(term: Term, name: string): Term {
  if (term.that?.[name] === undefined) return term;
  const { [name]: _asked, ...others } = term.that;
  return { ...term, that: others };
}

type Retell = (step: Step, log: readonly Entry[]) => Partial<Step>;

const RETOLD: Readonly<Record<string, Retell>> = {
  challenge: (step) => ({ requests: step.requests.map((request) => ({ ...request, title: 'Ask without a token' })) }),
  discovery: (step, log) => {
    const read = log.filter(
      (entry) => entry.kind === 'exchange' && entry.step === step.id && entry.exchange.response?.status === 200,
    ).length;
    return { result_line: `${read} ${read === 1 ? 'document' : 'documents'} found` };
  },
  authorization: (step, log) => {
    const asked = lastOf(log, step.id, 'authorize');
    const hasState = asked !== null && queryOf(asked.exchange).get('state') !== null;
    return {
      // `state` is the client's to use; whether it compares anything cannot be seen from here.
      done_when: without(step.done_when, (term) =>
        term.held === 'state' && !hasState
          ? null
          : term.held === 'iss' && !wasSeen(log, 'issuer')
            ? mild(term, 'equals')
            : term,
      ),
      result_line: hasState ? 'code, state and iss arrived' : 'code and iss arrived, without state',
    };
  },
  token: (step, log) => {
    const answer = tokenAnswerOf(log, step.id);
    const done_when = wasSeen(log, 'resource')
      ? step.done_when
      : without(step.done_when, (term) => mild(term, 'audience'));
    return {
      done_when,
      result_line:
        `access${answer?.refresh_token ? ' and refresh' : ''} ` +
        `token${answer?.expires_in ? ', {expires_in} s' : ''}`,
    };
  },
  call: (step, log) => {
    const last = log.findLast((entry) => entry.kind === 'exchange' && entry.step === step.id);
    const exchange = last?.kind === 'exchange' ? last.exchange : null;
    return {
      done_when: without(step.done_when, ({ seen, ...term }) => {
        if (!seen) return term;
        const { tool: _tool, ...others } = seen;
        return { ...term, seen: others };
      }),
      result_line:
        last?.kind === 'exchange' && last.made.notes_count !== undefined
          ? step.result_line
          : `200, ${exchange?.tool ?? exchange?.rpcMethod ?? 'the server'} answered`,
    };
  },
  refresh: (step, log) => {
    const rotated = tokenAnswerOf(log, step.id)?.refresh_token !== undefined;
    if (rotated) return {};
    return {
      done_when: without(step.done_when, (term) => mild(term, 'generation')),
      result_line: 'renewed, with the same refresh token',
    };
  },
};

/** The track with its conditions and lines as they can be true of a client that is not this page. */
export function followedTrack(track: Track, log: readonly Entry[]): Track {
  return { ...track, steps: track.steps.map((step) => ({ ...step, ...RETOLD[step.id]?.(step, log) })) };
}

/** Why a step that was passed over left nothing to see. */
export const PASSED_OVER: Readonly<Record<string, string>> = {
  challenge: 'not seen: it knew that it needs a token',
  discovery: 'not seen: it knew the endpoints',
  registration: 'not seen: it came with a client_id',
  authorization: 'not seen: it came with a code',
  token: 'not seen: it came with a token',
  call: 'not seen',
  refresh: 'not seen',
  revoke: 'not seen',
};
