import { describe, expect, it } from 'vitest';
import { makeExchange } from './make.ts';
import { relatedOf } from './related.ts';
import type { Exchange } from './types.ts';

const FORM: [string, string] = ['content-type', 'application/x-www-form-urlencoded'];
let seq = 0;
const next = (): number => {
  seq += 1;
  return seq;
};
const asked = (query: Record<string, string>): Exchange =>
  makeExchange({
    seq: next(),
    at: seq,
    from: 'you',
    to: 'as',
    endpoint: 'authorize',
    request: { method: 'GET', url: `http://as/authorize?${new URLSearchParams(query)}`, headers: [], body: null },
    response: { status: 302, headers: [['location', 'http://as/consent/x']], body: null },
  });
const answered = (query: Record<string, string>, clientId = 'c'): Exchange =>
  makeExchange({
    seq: next(),
    at: seq,
    from: 'you',
    to: 'as',
    endpoint: 'consent',
    request: { method: 'POST', url: 'http://as/authorize', headers: [FORM], body: 'interaction=x' },
    response: { status: 302, headers: [['location', `http://app/cb?${new URLSearchParams(query)}`]], body: null },
    client: { clientId },
  });
const redeemed = (form: Record<string, string>, more: Partial<Exchange> = {}): Exchange => ({
  ...makeExchange({
    seq: next(),
    at: seq,
    from: 'client',
    to: 'as',
    endpoint: 'token',
    request: { method: 'POST', url: 'http://as/token', headers: [FORM], body: new URLSearchParams(form).toString() },
    response: { status: 400, headers: [], body: '{"error":"invalid_grant"}' },
  }),
  ...more,
});
const says = (...exchanges: Exchange[]): string[] => relatedOf(exchanges.at(-1)!, exchanges).map((one) => one.says);

describe('what is known of a refusal', () => {
  it('tells what the server knew of the value, with the exchange that its grant began with', () => {
    const given = { ...answered({ code: 'k' }), grantId: 'g1' };
    const elsewhere = { says: 'This is the verifier of the authorization request of 12:00.', grant: 'g1' };
    const refused = redeemed({ code: 'x' }, { reason: 'verifier-mismatch', evidence: { elsewhere } });
    expect(relatedOf(refused, [given, refused])).toEqual([{ seq: given.seq, says: elsewhere.says }]);
    expect(relatedOf(refused, [refused])).toEqual([{ seq: null, says: elsewhere.says }]);
  });

  it('names the exchange that gave the code out, and the one that redeemed it', () => {
    const given = answered({ code: 'k' }, 'other');
    expect(says(given, redeemed({ code: 'k' }, { reason: 'code-other-client' }))).toEqual([
      `Exchange ${given.seq} gave out this code, for other.`,
    ]);
    const first = redeemed({ code: 'k' });
    expect(says(given, first, redeemed({ code: 'k' }, { reason: 'code-spent' }))).toEqual([
      `Exchange ${first.seq} redeemed this code.`,
    ]);
  });

  it('names the request with the same state', () => {
    const first = asked({ state: 's' });
    expect(says(first, asked({ state: 's' }))).toEqual([`Authorization request ${first.seq} had this state too.`]);
    expect(says(first, asked({ state: 't' }))).toEqual([]);
  });

  it('names the denial before a request without a token', () => {
    const denied = answered({ error: 'access_denied' });
    const refused = redeemed({}, { reason: 'token-absent' });
    expect(says(denied, refused)).toEqual(['The latest authorization before ended with access_denied.']);
    expect(says(denied, answered({ code: 'k' }), redeemed({}, { reason: 'token-absent' }))).toEqual([]);
  });
});
