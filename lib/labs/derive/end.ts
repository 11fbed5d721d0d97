/** What each side holds in the end. */
import { decodeToken, formOf } from '#lib/exchange/read.ts';
import type { Lab, LabRun, Side } from '../types.ts';
import { notesIn } from './rows.ts';

export interface Holding {
  readonly name: string;
  /** A value, shown in the hand of the server; else a sentence. */
  readonly value: string | null;
  readonly says: string;
}

function isAlive(token: string, run: LabRun): boolean | null {
  const brought = run.done.find((done) => done.exchange?.response?.body?.includes(token));
  const grant = brought?.exchange?.grantId;
  return grant ? (run.grants[grant] ?? null) : null;
}

function tokenRow(token: string, run: LabRun): Holding {
  const claims = decodeToken(token)?.claims;
  const whose = typeof claims?.sub === 'string' ? claims.sub : null;
  const name = whose === 'you' ? 'for your account' : whose === 'mallory' ? 'for Mallory’s account' : 'for an account';
  const alive = isAlive(token, run);
  return {
    name: 'access token',
    value: token,
    says: alive === false ? `${name}, revoked` : typeof claims?.scope === 'string' ? `${name}, ${claims.scope}` : name,
  };
}

function codeRow(code: string, run: LabRun): Holding {
  const redeemed = run.done.find(
    (done) => done.exchange && formOf(done.exchange).get('code') === code && done.exchange.response?.status === 200,
  );
  const says =
    redeemed === undefined ? 'not redeemed' : redeemed.from === 'attacker' ? 'spent, by her' : 'spent, by the client';
  return { name: 'code', value: null, says };
}

/** What a side holds; at least one row, which may say that there is nothing. */
export function holdingsOf(lab: Lab, run: LabRun, side: Side): Holding[] {
  const bag = run.bags[side];
  const rows: Holding[] = [];
  const read = side === 'attacker' ? notesRead(run) : 0;
  if (read > 0) rows.push({ name: 'notes', value: null, says: `${NUMBERS[read] ?? read} of yours, read and copied` });
  const token = bag.access_token ?? (side === 'attacker' ? bag.wide_token : undefined);
  if (token !== undefined) rows.push(tokenRow(token, run));
  const code = bag.code ?? bag.own_code;
  if (code !== undefined && side === 'attacker') rows.push(codeRow(code, run));
  if (token === undefined)
    rows.push({ name: side === 'attacker' ? 'tokens' : 'access token', value: null, says: whyNone(lab, run, side) });
  return rows;
}

const NUMBERS: Readonly<Record<number, string>> = { 1: 'one', 2: 'two', 3: 'three', 4: 'four' };

function notesRead(run: LabRun): number {
  const read = run.done
    .filter((done) => done.from === 'attacker' && done.made.notes !== undefined)
    .map((done) => notesIn(done.exchange?.response?.body).length);
  return Math.max(0, ...read);
}

function whyNone(lab: Lab, run: LabRun, side: Side): string {
  const hand = side === 'attacker' ? 'attacker' : 'client';
  const refused = run.done.findLast((done) => done.from === hand && (done.exchange?.response?.status ?? 0) >= 400);
  const error = refused?.exchange?.error;
  return error
    ? `none: ${error}`
    : lab.moments.length > 0 && side === 'victim'
      ? 'none, and none was asked for'
      : 'none';
}
