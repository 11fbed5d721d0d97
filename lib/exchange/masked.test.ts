import { expect, test } from 'vitest';
import { makeExchange } from './make.ts';
import { maskedExchange, maskOpaque, MOST_MASKED } from './masked.ts';

const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXNvbWVib2R5';
const exchange = {
  ...makeExchange({
    ...{ at: 0, clock: 0, from: 'client', to: 'as', endpoint: 'token' },
    request: {
      method: 'POST',
      url: 'http://localhost:3000/s/k3v9abcdef/oauth/token?login_hint=ada@example.org',
      headers: [
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Authorization', `Bearer ${token}`],
        ['User-Agent', 'somebody'],
      ],
      body: 'grant_type=authorization_code&code=aB3dE5gH7jK9lM1n&code_verifier=wrong&client_id=c_9f2k1m3n5p7q',
    },
  }),
  response: {
    status: 400,
    headers: [['Content-Type', 'application/json']] as [string, string][],
    body: '{"error":"invalid_grant","error_description":"The code has expired."}',
  },
};

test('what is known has its name, and the rest that could tell is an ellipsis', () => {
  const { request, response } = maskedExchange(exchange as never, { code: 'aB3dE5gH7jK9lM1n' });
  expect(request).toContain('POST /s/…/oauth/token');
  expect(request).toContain('grant_type=authorization_code\ncode={code}\ncode_verifier=wrong\nclient_id=…');
  expect(request).toContain('content-type: application/x-www-form-urlencoded');
  expect(request).toContain('login_hint=…@…');
  expect(request).not.toMatch(/eyJ|k3v9|9f2k|ada@|somebody/);
  expect(response).toContain('invalid_grant');
  expect(response).toContain('The code has expired.');
});

test('a hostile text is bounded', () => {
  const long = `${'a'.repeat(200_000)}9@${'b.'.repeat(100_000)}`;
  expect(maskOpaque(long).length).toBeLessThanOrEqual(MOST_MASKED);
});

test('reads a long word once, whatever it looks like the beginning of', () => {
  for (const text of ['a'.repeat(12_000), 'a.'.repeat(6000), `${'a'.repeat(11_000)}@`])
    for (let times = 0; times < 20; times += 1) expect(maskOpaque(text)).not.toContain('@…');
  expect(maskOpaque('of juniper.52+test@mail.example, and of others')).toBe('of …@…, and of others');
});
