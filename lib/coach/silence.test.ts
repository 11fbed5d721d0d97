import { describe, expect, it } from 'vitest';
import { conditionNames, holdsFor } from '#lib/exchange/conditions.ts';
import { makeExchange } from '#lib/exchange/make.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import { causesOf } from './silence.ts';
import { silencePoints } from './silence-points.ts';

const exchange = (endpoint: string, status: number, more: Partial<Exchange> & { location?: string } = {}): Exchange => {
  const { location, ...rest } = more;
  const headers: [string, string][] = location === undefined ? [] : [['location', location]];
  const made = makeExchange({
    at: 0,
    from: 'client',
    to: 'as',
    endpoint,
    request: { method: 'POST', url: `http://localhost/${endpoint}`, headers: [], body: null },
    response: { status, headers, body: more.error ? JSON.stringify({ error: more.error }) : null },
  });
  return { ...made, ...rest };
};

const causes = (point: string, last: Exchange): string =>
  causesOf(silencePoints.find(({ id }) => id === point)!, { exchange: last }, 'client-wrong')
    .map(({ cause }) => cause)
    .join('\n');

describe('what may have stopped a client', () => {
  it('is data with conditions that exist', () => {
    const named = silencePoints.flatMap((point) => point.causes.flatMap(({ when = {} }) => Object.keys(when)));
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((name) => !conditionNames.includes(name))).toEqual([]);
  });

  it('is nothing further if the sandbox did it on purpose', () => {
    const last = exchange('token', 503, { reason: 'fault-scripted', acted: [{ kind: 'fault', name: 'f' }] });
    const point = silencePoints.find(({ id }) => id === 'after-token-error')!;
    expect(causesOf(point, { exchange: last }, 'scripted')).toEqual([]);
  });

  it.each([
    [
      'after-token-refused',
      exchange('mcp', 401, { reason: 'token-malformed' }),
      /another resource|clock|bound to a key/,
    ],
    ['after-token-refused', exchange('mcp', 401, { reason: 'token-audience' }), /clock|bound to a key|revoked/],
    ['after-token-error', exchange('token', 400, { error: 'invalid_grant' }), /invalid_client|invalid_target|JSON/],
    ['after-token-error', exchange('token', 503), /^invalid_/m],
    ['after-register-refused', exchange('register', 429), /redirect URI|not valid JSON/],
    [
      'consent-open',
      exchange('authorize', 400, { reason: 'redirect-uri-unregistered' }),
      /Nobody has decided|before a reset/,
    ],
    ['consent-open', exchange('authorize', 302, { location: '/consent/x' }), /error page|before a reset/],
    ['after-redirect', exchange('consent', 302, { location: 'com.example:/cb?code=x' }), /Nobody listens|forces https/],
    [
      'after-redirect',
      exchange('consent', 302, { location: 'http://localhost/cb?code=x' }),
      /private-use scheme|hosted/,
    ],
    ['after-token', exchange('token', 200), /never arrived/],
    ['after-refresh-refused', exchange('token', 400, { reason: 'refresh-expired' }), /used before|another client_id/],
  ])('%s: only what can be true of this exchange', (point, last, impossible) => {
    expect(causes(point, last)).not.toMatch(impossible);
  });

  it('is there for every point whose condition holds', () => {
    const last = exchange('token', 400, { error: 'invalid_client' });
    expect(causes('after-token-error', last)).toMatch(/^invalid_client/);
    const possible = silencePoints.flatMap((point) => point.causes.filter(({ when = {} }) => holdsFor(when, last)));
    expect(possible.length).toBeGreaterThan(silencePoints.length);
  });
});
