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
  it('names the authorization request whose verifier came', () => {
    const [first, second] = [asked({ code_challenge: 'hash-1' }), asked({ code_challenge: 'hash-2' })];
    const refused = redeemed({ code: 'k' }, { reason: 'verifier-mismatch', evidence: { got: 'hash-1' } });
    expect(says(first, second, refused)).toEqual([`This is the verifier of authorization request ${first.seq}.`]);
    const stranger = redeemed({ code: 'k' }, { reason: 'verifier-mismatch', evidence: { got: 'hash-9' } });
    expect(says(first, second, stranger)).toEqual([]);
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

  it('names the request with the same state, and the one whose redirect URI came', () => {
    const first = asked({ state: 's', redirect_uri: 'http://app/1' });
    expect(says(first, asked({ state: 's' }))).toEqual([`Authorization request ${first.seq} had this state too.`]);
    expect(says(first, asked({ state: 't' }))).toEqual([]);
    const differs = redeemed({ code: 'k', redirect_uri: 'http://app/1' }, { reason: 'redirect-uri-differs' });
    expect(says(first, differs)).toEqual([`This is the redirect_uri of authorization request ${first.seq}.`]);
  });

  it('names the denial before a request that comes with nothing', () => {
    const denied = answered({ error: 'access_denied' });
    const refused = redeemed({}, { reason: 'parameter-missing' });
    expect(says(denied, refused)).toEqual([
      `Exchange ${denied.seq} ended the authorization with access_denied: there is nothing to redeem.`,
    ]);
    expect(says(denied, answered({ code: 'k' }), redeemed({}))).toEqual([]);
  });
});
