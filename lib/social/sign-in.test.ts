/** Sign-in by real providers, as they answer through the guarded fetch: nothing leaves this machine. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { FetchOptions } from '#lib/fetch/types.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';
import type { Upstreams } from './connect.ts';
import { beginSignIn, endSignIn } from './sign-in.ts';

let engine: Engine;
afterEach(() => engine.close());

const GOOGLE = 'https://accounts.google.com';
const never = async (): Promise<never> => {
  throw new Error('a real provider is not simulated');
};
const upstreams: Upstreams = {
  configured: {
    google: { clientId: 'our-id', clientSecret: 'our-secret' },
    github: { clientId: 'our-id', clientSecret: 'our-secret' },
  },
  idpOf: never,
  ask: never,
};
const answer = (value: unknown, status = 200) => ({
  status,
  headers: new Headers({ 'content-type': 'application/json' }),
  body: new TextEncoder().encode(JSON.stringify(value)),
});

/** What the ID token says; a test changes what it wants to be wrong. */
type Claims = Record<string, unknown>;

async function walk(provider: 'google' | 'github', change: (claims: Claims) => Claims = (claims) => claims) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const sent: { url: string; options: FetchOptions }[] = [];
  let nonce = '';
  engine = await openEngine({
    isPublic: true,
    origin: 'https://walk.example.com',
    async fetch(url, options) {
      sent.push({ url, options });
      if (url.endsWith('/openid-configuration'))
        return answer({
          issuer: GOOGLE,
          authorization_endpoint: `${GOOGLE}/o/oauth2/v2/auth`,
          token_endpoint: 'https://oauth2.googleapis.com/token',
          jwks_uri: 'https://www.googleapis.com/certs',
          response_types_supported: ['code'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      if (url.endsWith('/certs'))
        return answer({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'RS256' }] });
      if (url === 'https://api.github.com/user') return answer({ id: 583231, login: 'octocat', name: 'Octo Cat' });
      if (url === 'https://api.github.com/user/emails')
        return answer([
          { email: 'unproved@example.com', primary: false, verified: false },
          { email: 'octo@example.com', primary: true, verified: true },
        ]);
      if (provider === 'github') return answer({ access_token: 'gho_1', token_type: 'bearer', scope: 'read:user' });
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: GOOGLE, aud: 'our-id', sub: '1', nonce, iat: now, exp: now + 60, email: 'ada@example.com' };
      const idToken = await new SignJWT(change(claims)).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(privateKey);
      return answer({ access_token: 'ya29', token_type: 'Bearer', expires_in: 60, id_token: idToken });
    },
  });
  const ada = { id: null as string | null };
  const out = await engine.call((ctx) => beginSignIn(ctx, upstreams, provider), { browser: ada });
  const asked = new URL(out.headers.get('location')!);
  nonce = asked.searchParams.get('nonce') ?? '';
  const back = await engine.call((ctx) => endSignIn(ctx, upstreams, provider), {
    browser: ada,
    path: `/auth/callback/${provider}`,
    query: { code: 'from-upstream', state: asked.searchParams.get('state')! },
  });
  return { asked, sent, back, users: await engine.tenant.store.listUsers({ limit: 10 }) };
}

describe('a real provider', () => {
  it('Google: state, nonce and PKCE go out, and the ID token says who it is', async () => {
    const { asked, sent, back, users } = await walk('google');
    expect(asked.origin + asked.pathname).toBe(`${GOOGLE}/o/oauth2/v2/auth`);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'our-id',
      redirect_uri: 'https://walk.example.com/auth/callback/google',
      code_challenge_method: 'S256',
    });
    const token = sent.find(({ url }) => url.endsWith('/token'))!.options;
    expect(token.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(String(token.body)))).toMatchObject({
      grant_type: 'authorization_code',
      code: 'from-upstream',
      code_verifier: expect.stringMatching(/^.{43}$/),
      client_secret: 'our-secret',
    });
    expect(back.status).toBe(303);
    expect(users.map(({ email }) => email)).toEqual(['ada@example.com']);
  });

  it.each<[string, (claims: Claims) => Claims]>([
    ['nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['issuer', (claims) => ({ ...claims, iss: 'https://attacker.example' })],
    ['audience', (claims) => ({ ...claims, aud: 'another-client' })],
  ])('an ID token with another %s signs nobody in', async (_, change) => {
    const { back, users } = await walk('google', change);
    expect([back.status, users]).toEqual([502, []]);
  });

  it('GitHub: the profile says who it is, with the address that GitHub verified', async () => {
    const { asked, back, users } = await walk('github');
    expect(asked.searchParams.has('code_challenge')).toBe(true);
    expect(back.status).toBe(303);
    expect(users[0]).toMatchObject({ email: 'octo@example.com', claims: { preferred_username: 'octocat' } });
  });

  it('is not used in any sandbox but default, whose owner alone would read who somebody is', async () => {
    engine = await openEngine({ sandboxId: 'a-sandbox' });
    const asked = engine.call((ctx) => beginSignIn(ctx, upstreams, 'google'));
    expect((await asked).status).toBe(502);
  });
});
