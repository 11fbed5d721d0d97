/**
 * Sign-in by a real provider that nobody here wrote: oidc-provider, in a process of its own, takes the place of
 * accounts.google.com. This server asks it by openid-client; a browser walks through its pages.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { request } from 'node:http';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FetchedAnswer, GuardedFetch } from '#lib/fetch/types.ts';
import { beginSignIn, endSignIn } from '#lib/social/sign-in.ts';
import type { Upstreams } from '#lib/social/connect.ts';
import { type Engine, openEngine } from '#lib/testing/engine.ts';

const GOOGLE = 'https://accounts.google.com';
const HERE = 'https://walk.example.com';
const CALLBACK = `${HERE}/auth/callback/google`;

let child: ChildProcess;
let port: number;
let engine: Engine;
beforeAll(async () => {
  child = fork(new URL('lib/upstream-provider.ts', import.meta.url), [GOOGLE, CALLBACK], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
  });
  port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number));
    child.once('exit', (code) => reject(new Error(`The provider ended with ${code}.`)));
  });
});
afterAll(() => void child?.kill('SIGKILL'));
afterEach(() => engine?.close());

/** Where the names of the provider lead: to its process, past the proxy that ends TLS. */
function toProvider(url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { pathname, search, host } = new URL(url);
  const headers = { ...init.headers, host, 'x-forwarded-proto': 'https' };
  return new Promise<FetchedAnswer & { readonly cookies: readonly string[] }>((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', path: pathname + search, method: init.method ?? 'GET', headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const names = new Headers();
          for (const [name, value] of Object.entries(answer.headers)) names.set(name, String(value));
          const cookies = answer.headers['set-cookie'] ?? [];
          resolve({ status: answer.statusCode!, headers: names, body: Buffer.concat(chunks), cookies });
        });
      },
    );
    asked.on('error', reject);
    asked.end(init.body);
  });
}

/** What the wire does to an answer of the provider; a test has it tampered with. */
type Tamper = (url: string, body: Record<string, unknown>) => Record<string, unknown>;
const wire =
  (tamper: Tamper): GuardedFetch =>
  async (url, options) => {
    const body = options.body === undefined ? undefined : String(options.body);
    const answer = await toProvider(url, {
      method: options.method ?? 'GET',
      headers: { accept: options.accept, ...options.headers, ...(body ? { 'content-length': `${body.length}` } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    const parsed = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
    return { ...answer, body: Buffer.from(JSON.stringify(tamper(url, parsed))) };
  };

/** A browser at the provider: keeps its cookies, follows its redirects up to the way back here. */
async function atProvider(start: string, decide: 'allow' | 'deny' = 'allow', user = 'ada'): Promise<URL> {
  const jar = new Map<string, string>();
  let url = start;
  let form: string | undefined;
  for (let steps = 0; steps < 20; steps += 1) {
    const answer = await toProvider(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...jar].map((pair) => pair.join('=')).join('; '),
        ...(form === undefined
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': `${form.length}` }),
      },
      ...(form === undefined ? {} : { body: form }),
    });
    form = undefined;
    for (const cookie of answer.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      jar.set(name!, value!);
    }
    const location = answer.headers.get('location');
    if (location !== null) {
      const to = new URL(location, url);
      if (to.origin === HERE) return to;
      url = to.href;
      continue;
    }
    const page = Buffer.from(answer.body).toString();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (prompt === undefined || action === undefined) throw new Error(`${answer.status} ${page.slice(0, 500)}`);
    if (decide === 'deny') url = new URL(/href="([^"]+\/abort)"/.exec(page)![1]!, url).href;
    else {
      url = new URL(action, url).href;
      form = String(new URLSearchParams({ prompt, login: user, password: 'any' }));
    }
  }
  throw new Error('The provider does not lead back.');
}

const never = async (): Promise<never> => {
  throw new Error('A real provider is not simulated.');
};

/** This server, and a browser in front of it. */
async function open(tamper: Tamper = (_, body) => body) {
  const upstreams: Upstreams = {
    configured: { google: { clientId: 'our-id', clientSecret: 'our-secret-at-the-provider' } },
    idpOf: never,
    ask: never,
  };
  engine = await openEngine({ isPublic: true, origin: HERE, fetch: wire(tamper) });
  // The ID token is dated by the provider's clock.
  engine.advance((Date.now() - engine.tenant.now()) / 1000);
  const browser = { id: null as string | null };
  return {
    browser,
    begin: async (own = browser) =>
      (await engine.call((ctx) => beginSignIn(ctx, upstreams, 'google'), { browser: own })).headers.get('location')!,
    end: (came: URL, own = browser, accept = 'application/json') =>
      engine.call((ctx) => endSignIn(ctx, upstreams, 'google'), {
        browser: own,
        headers: { accept },
        path: '/auth/callback/google',
        query: Object.fromEntries(came.searchParams),
      }),
    users: () => engine.tenant.store.listUsers({ limit: 10 }),
  };
}

describe('a provider that nobody here wrote', () => {
  it('signs in: by state, nonce and PKCE, which it demands; the same person is the same user again', async () => {
    const here = await open();
    for (let time = 0; time < 2; time += 1) {
      const asked = await here.begin();
      expect(new URL(asked).searchParams.get('code_challenge_method')).toBe('S256');
      const came = await atProvider(asked);
      expect(came.searchParams.get('iss')).toBe(GOOGLE);
      expect((await here.end(came)).status).toBe(303);
    }
    const users = await here.users();
    expect(users.map(({ email, claims }) => [email, claims])).toEqual([
      ['ada@example.com', { name: 'Ada Lovelace', email_verified: true }],
    ]);
    const grace = await atProvider(await here.begin(), 'allow', 'grace');
    expect((await here.end(grace)).status).toBe(303);
    expect((await here.users()).map(({ email }) => email).sort()).toEqual(['ada@example.com', 'grace@example.com']);
  });

  it('is told no by the user: nobody is signed in', async () => {
    const here = await open();
    const came = await atProvider(await here.begin(), 'deny');
    expect(came.searchParams.get('error')).toBe('access_denied');
    const answer = await here.end(came);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('access_denied')]);
    expect(await here.users()).toEqual([]);
  });

  const says = async (answer: Response): Promise<string> =>
    ((await answer.json()) as { error_description: string }).error_description;
  const forged = (change: (token: string) => string): Tamper => {
    return (url, body) => (url.includes('/token') ? { ...body, id_token: change(String(body.id_token)) } : body);
  };
  const unsigned = (token: string): string => `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`;
  it.each<[string, Tamper, string]>([
    ['whose signature does not fit', forged((token) => `${token.slice(0, -6)}AAAAAA`), 'signature verification failed'],
    ['that is not signed at all', forged(unsigned), "unexpected JWT 'alg' header parameter"],
    ['that is missing', (_url, { id_token: _, ...body }) => body, "'id_token' property"],
    [
      'signed by a key that the provider no longer shows',
      (url, body) => (url.includes('/jwks') ? { keys: [] } : body),
      'no applicable keys found',
    ],
  ])('an ID token %s signs nobody in', async (_, tamper, problem) => {
    const here = await open(tamper);
    const answer = await here.end(await atProvider(await here.begin()));
    expect([answer.status, await says(answer)]).toEqual([502, expect.stringContaining(problem)]);
    expect(await here.users()).toEqual([]);
  });

  it('an ID token that has ended signs nobody in', async () => {
    const here = await open();
    const came = await atProvider(await here.begin());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 3_600_000 });
    try {
      const answer = await here.end(came);
      expect([answer.status, await says(answer)]).toEqual([502, expect.stringContaining("'exp'")]);
      expect(await here.users()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('metadata that names another issuer signs nobody in', async () => {
    const here = await open((_url, body) =>
      'issuer' in body ? { ...body, issuer: 'https://attacker.example' } : body,
    );
    expect(await here.begin()).toBeNull();
  });

  it.each<[string, (came: URL) => void, number, string]>([
    ['from another issuer', (came) => came.searchParams.set('iss', 'https://attacker.example'), 502, "'iss' (issuer)"],
    ['without the issuer that it always names', (came) => came.searchParams.delete('iss'), 502, "'iss' (issuer)"],
    ['with a code that was never given', (came) => came.searchParams.set('code', 'guessed'), 502, 'invalid_grant'],
    ['with a state that nobody was given', (came) => came.searchParams.set('state', 'x'.repeat(43)), 400, 'this state'],
    ['without a state', (came) => came.searchParams.delete('state'), 400, 'this state'],
  ])('an answer %s signs nobody in', async (_, change, status, problem) => {
    const here = await open();
    const came = await atProvider(await here.begin());
    change(came);
    const answer = await here.end(came);
    expect([answer.status, await says(answer)]).toEqual([status, expect.stringContaining(problem)]);
    expect(await here.users()).toEqual([]);
  });

  /** A provider with a key of its own that signs what it likes: its claims, changed. */
  async function liar(change: (claims: Record<string, unknown>) => void) {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }];
    let waiting: string | null = null;
    const here = await open((url, body) => {
      if (url.includes('/jwks')) return { keys };
      return waiting !== null && url.includes('/token') ? { ...body, id_token: waiting } : body;
    });
    const asked = await here.begin();
    const came = await atProvider(asked);
    const claims: Record<string, unknown> = {
      ...{ iss: GOOGLE, aud: 'our-id', sub: 'ada', nonce: new URL(asked).searchParams.get('nonce') },
      ...{ iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 3600 },
      ...{ email: 'ada@example.com', email_verified: true },
    };
    change(claims);
    waiting = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(privateKey);
    const answer = await here.end(came);
    return { answer, claims: decodeJwt(waiting), users: await here.users() };
  }

  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ['the nonce of another sign-in', (claims) => Object.assign(claims, { nonce: 'another' })],
    ['no nonce', (claims) => delete claims.nonce],
    ['another audience', (claims) => Object.assign(claims, { aud: 'somebody-else' })],
    [
      'a second audience and another authorized party',
      (claims) => Object.assign(claims, { aud: ['our-id', 'x'], azp: 'x' }),
    ],
    ['another issuer', (claims) => Object.assign(claims, { iss: 'https://attacker.example' })],
    ['no end', (claims) => delete claims.exp],
    ['no subject', (claims) => delete claims.sub],
    ['a subject without a character', (claims) => Object.assign(claims, { sub: '' })],
    ['a subject that is no text', (claims) => Object.assign(claims, { sub: { $ne: null } })],
  ])('that signs an ID token with %s signs nobody in', async (_, change) => {
    const { answer, users } = await liar(change);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error_description: expect.stringContaining('No user was signed in') });
    expect(users).toEqual([]);
  });

  it.each<[string, (claims: Record<string, unknown>) => void, object]>([
    ['no address', (claims) => delete claims.email, { email: null, claims: {} }],
    ['an address that is no text', (claims) => Object.assign(claims, { email: ['a@b.example'] }), { email: null }],
    [
      'an address that nobody verified',
      (claims) => Object.assign(claims, { email_verified: 'true' }),
      { email: 'ada@example.com', claims: { email_verified: false } },
    ],
    [
      'claims about the protocol',
      (claims) => Object.assign(claims, { scope: 'admin', role: 'root' }),
      { temporary: false },
    ],
  ])('that names %s signs in with what holds', async (_, change, expected) => {
    const { answer, users } = await liar(change);
    expect(answer.status).toBe(303);
    expect(users).toMatchObject([expected]);
    expect(Object.keys(users[0]!.claims)).not.toContain('scope');
  });

  it('that sends the user back with markup has it shown as text', async () => {
    const here = await open();
    const came = await atProvider(await here.begin());
    came.searchParams.delete('code');
    came.searchParams.set('error', 'server_error');
    came.searchParams.set('error_description', '<img src=x onerror=alert(1)>');
    const answer = await here.end(came, here.browser, 'text/html');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, expect.stringContaining('text/html')]);
    const page = await answer.text();
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img');
    expect(await here.users()).toEqual([]);
  });

  it('a code of one sign-in, put into the answer of another, signs nobody in: PKCE', async () => {
    const here = await open();
    const stolen = await atProvider(await here.begin(), 'allow', 'mallory');
    const came = await atProvider(await here.begin());
    came.searchParams.set('code', stolen.searchParams.get('code')!);
    const answer = await here.end(came);
    expect([answer.status, await says(answer)]).toEqual([502, expect.stringContaining('invalid_grant')]);
    expect(await here.users()).toEqual([]);
  });

  it('an answer counts once', async () => {
    const here = await open();
    const came = await atProvider(await here.begin());
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await here.end(came)).status));
    expect(statuses.sort()).toEqual([303, 400, 400, 400, 400]);
    expect((await here.end(came)).status).toBe(400);
  });

  it('an answer to another browser signs nobody in there: no login by a stranger’s link', async () => {
    const here = await open();
    const attacker = { id: null as string | null };
    const came = await atProvider(await here.begin(attacker), 'allow', 'mallory');
    expect((await here.end(came)).status).toBe(403);
    expect((await here.end(came, { id: 'cookie-of-the-victim' })).status).toBe(403);
    expect(await here.users()).toEqual([]);
    // It is not used up by that: whoever began it goes on.
    expect((await here.end(came, attacker)).status).toBe(303);
  });
});
