/** What a refusal says of a value that would be right elsewhere, and what that costs. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GrantRecord } from '#lib/store/store.ts';
import { type Engine, openEngine, pkce } from '#lib/testing/engine.ts';
import { codeElsewhere, redirectElsewhere, verifierElsewhere } from './elsewhere.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await openEngine();
});
afterEach(() => engine.close());

const grant = (id: string, details: object, createdAt = 0): GrantRecord => ({
  id,
  clientId: 'client',
  sub: null,
  kind: 'authorization_code',
  scope: [],
  resource: [],
  audience: [],
  details: { ...details },
  createdAt: engine.tenant.now() + createdAt,
  revokedAt: null,
  revokedBy: null,
});

it('a wrong value is looked for in one read of a hundred grants, however many there are', async () => {
  const { verifier, challenge } = pkce();
  const here = grant('here', { challenge: 'own' });
  await engine.tenant.store.createGrant(here);
  await engine.tenant.store.createGrant(grant('other', { challenge, redirectUri: 'https://other.example/cb' }, 1));
  const list = vi.spyOn(engine.tenant.store, 'listGrants');
  const ctx = engine.context({});
  const reads = async (ask: () => Promise<unknown>) => {
    list.mockClear();
    const known = await ask();
    expect(list.mock.calls).toEqual([[{ limit: 100 }]]);
    return known;
  };
  expect(await reads(() => verifierElsewhere(ctx, verifier, here))).toMatchObject({
    grant: 'other',
    says: expect.stringContaining('This is the verifier of'),
  });
  expect(await reads(() => verifierElsewhere(ctx, challenge, here))).toMatchObject({
    says: expect.stringContaining('This is the challenge, and not the verifier'),
  });
  expect(await reads(() => codeElsewhere(ctx, verifier))).toMatchObject({
    says: expect.stringContaining('This is the verifier, and not the code'),
  });
  expect(await reads(() => redirectElsewhere(ctx, 'https://other.example/cb', here))).toMatchObject({ grant: 'other' });
  expect(await reads(() => verifierElsewhere(ctx, 'x'.repeat(43), here))).toBeUndefined();
  expect(await reads(() => codeElsewhere(ctx, 'unknown'))).toBeUndefined();
});
