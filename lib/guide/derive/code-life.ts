/** The code's life: short, and once. */
import type { Ledger } from '../ledger.ts';
import type { CodeLife, Facts, Track } from '../types.ts';
import { exchangesOf } from './steps.ts';
import { clockTime, say } from './words.ts';

/** By the sandbox's clock: `expires` of a life is already told in the reader's own time. */
export function codeLifeOf(track: Track, facts: Facts, now: Ledger): CodeLife {
  const { states, announce } = track.figures.code_life;
  const none = { lifetime: track.lifetimes.code, left: null, expires: null, announce: null };
  const life = now.lives.findLast((candidate) => candidate.name === 'code');
  // A new request is under way: the last code is history.
  if (!life || facts.state.navigation) return { ...none, state: 'not_begun', says: states.not_begun! };
  if (life.ended !== null) {
    const exchange = exchangesOf(facts).findIndex((entry) => entry.key === life.by) + 1;
    const state = life.how === 'revoked' ? 'revoked' : 'spent';
    return { ...none, state, says: say(states[state]!, { time: clockTime(life.ended), exchange }) };
  }
  const left = Math.ceil((life.expires! - facts.now) / 1000);
  if (left <= 0)
    return { ...none, state: 'expired', says: states.expired!, announce: left > -2 ? states.expired! : null };
  const lifetime = life.lifetime ?? track.lifetimes.code;
  const says = say(states.alive!, { seconds: left });
  return {
    state: 'alive',
    says,
    lifetime,
    left: Math.min(left, lifetime),
    expires: facts.state.frozenAt == null ? life.expires : null,
    announce: announce.includes(left) ? says : null,
  };
}
