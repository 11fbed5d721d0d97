/** Values on the wire: who made them, what they are called in short, and how they are written in a line. */
import type { Hand, LabRun, Side } from '../types.ts';

const BY_SERVER = new Set([
  'code',
  'access_token',
  'refresh_token',
  'id_token',
  'iss',
  'session',
  'upstream_token',
  'keys',
]);
const BY_CLIENT = new Set(['state', 'code_verifier', 'code_challenge', 'dpop_proof', 'DPoP', 'seen_dpop_proof']);

/** What is drawn as a bead and as a bar, by the word that stands beside it. */
const WORDS: Readonly<Record<string, string>> = {
  code: 'code',
  own_code: 'code',
  planted: 'her code',
  code_verifier: 'verifier',
  code_challenge: 'challenge',
  access_token: 'token',
  wide_token: 'token',
  forged_token: 'forged token',
  refresh_token: 'refresh token',
  other_refresh_token: 'refresh token',
  session: 'session',
  state: 'state',
  dpop_proof: 'proof',
  seen_dpop_proof: 'proof',
  notes: 'notes',
};

/** The word for a value; null if it is not drawn. */
export function wordOf(name: string): string | null {
  return WORDS[name] ?? null;
}

/**
 * Who made a value. A stolen value keeps the hand that made it.
 * @param side whose request it stands in, for what both sides make for themselves
 */
export function makerOf(name: string, value: string, side: Side, run: LabRun | null): Hand {
  if (name === 'forged_token') return 'attacker';
  if (name === 'notes') return 'mcp';
  const plain = name
    .replace(/^(?:own|wide|other|seen)_/, '')
    .replace('planted', 'code')
    .replace('wide_token', 'access_token');
  if (BY_SERVER.has(plain) || /_?token$/.test(plain)) return 'as';
  if (!BY_CLIENT.has(plain)) return 'client';
  const hers = run?.bags.attacker[plain] === value && run.bags.victim[plain] !== value;
  return side === 'attacker' && (hers || run === null) ? 'attacker' : 'client';
}

/** A value as a line has room for it. */
export function brief(value: string, most = 46): string {
  if (value.length <= most) return value;
  const head = Math.floor(most * 0.6);
  return `${value.slice(0, head)}…${value.slice(-(most - head - 1))}`;
}
