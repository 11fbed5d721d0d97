import { afterEach, expect, test } from 'vitest';
import { type Engine, openEngine, pkce } from '#lib/testing/engine.ts';
import { authorize } from '../endpoints/authorize.ts';

let engine: Engine;
afterEach(() => engine.close());

test('consent.delay is real time between the decision and the redirect, of 20 answers at once', async () => {
  engine = await openEngine({ sandboxId: 'slow', config: { 'consent.delay': 0.3 } });
  const client = await engine.client();
  const query = {
    client_id: client.clientId,
    code_challenge: pkce().challenge,
    code_challenge_method: 'S256',
    auto_approve: 'true',
  };
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 21 }, () => engine.call(authorize, { path: '/oauth/authorize', query })),
  );
  expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  expect(answers.filter((response) => response.status === 302)).toHaveLength(20);
  expect(answers.find((response) => response.status === 429)?.headers.get('retry-after')).toBe('30');
  expect((await engine.call(authorize, { path: '/oauth/authorize', query })).status).toBe(302);
});
