/** Sign-in through an upstream provider: the simulated one, end to end, as a browser walks it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { form, json, type TestServer, testServer } from '#lib/server/testing.ts';

const ORIGIN = 'http://localhost:3000';
let server: TestServer & { readonly logged: string[] };
beforeEach(async () => {
  server = await testServer();
});
afterEach(() => server.close());

interface Made {
  readonly id: string;
  readonly base: string;
  readonly token: string;
  readonly clientId: string;
}

async function sandbox(config: Record<string, unknown> = {}): Promise<Made> {
  const made = (await (await server.ask('/api/sandboxes', json({ config }))).json()) as Record<string, string>;
  const base = `/s/${made.id}`;
  const client = (await (
    await server.ask(
      `${base}/oauth/register`,
      json({ client_name: 'Notes', redirect_uris: ['http://localhost:9/cb'], token_endpoint_auth_method: 'none' }),
    )
  ).json()) as { client_id: string };
  return { id: made.id!, base, token: made.control_token!, clientId: client.client_id };
}

/** A browser: keeps its cookie, follows nothing by itself. */
function browser() {
  let cookie = '';
  return {
    get cookie() {
      return cookie;
    },
    async go(to: string, init: RequestInit = {}) {
      const url = new URL(to, ORIGIN);
      const response = await server.ask(url.pathname + url.search, {
        ...init,
        headers: {
          accept: 'text/html',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-site': 'same-origin',
          ...(init.headers as Record<string, string>),
          ...(cookie ? { cookie } : {}),
        },
      });
      const set = response.headers.get('set-cookie');
      if (set) cookie = set.split(';')[0]!;
      return response;
    },
  };
}
const to = (response: Response): string => response.headers.get('location') ?? '';

const authorization = ({ base, clientId }: Made): string =>
  `${base}/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: 'http://localhost:9/cb',
    state: 'mine',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    scope: 'notes:read',
  })}`;

/** Answers a consent page at the provider. */
async function agree(at: ReturnType<typeof browser>, page: string, base: string, email: string): Promise<Response> {
  const interaction = page.slice(page.lastIndexOf('/') + 1);
  const scopes = ['openid', 'email', 'profile'].map((scope) => `scope=${scope}`).join('&');
  const fields = new URLSearchParams({ interaction, action: 'login', email, password: 'p' });
  return at.go(`${base}/idp/oauth/authorize`, {
    ...form(`${fields}&${scopes}`),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
  });
}

describe('sign-in by the simulated provider', () => {
  it('goes from the consent page to the provider and back, and the user then decides', async () => {
    const made = await sandbox();
    const ada = browser();
    const consent = to(await ada.go(authorization(made)));
    const page = await (await ada.go(consent)).text();
    const link = /href="([^"]*\/auth\/login\/google\?interaction=[^"]+)"/.exec(page)?.[1];
    expect(link).toBeDefined();

    const out = await ada.go(link!.replaceAll('&amp;', '&'));
    const asked = new URL(to(out));
    expect(asked.pathname).toBe(`${made.base}/idp/oauth/authorize`);
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect.soft(asked.searchParams.get(name)).toMatch(/^.{20,}$/);

    const atProvider = to(await ada.go(asked.href));
    expect(atProvider).toContain('/consent/');
    expect(await (await ada.go(atProvider)).text()).not.toContain('/auth/login/google');
    const back = to(await agree(ada, atProvider, made.base, 'ada@example.com'));
    expect(new URL(back).pathname).toBe(`${made.base}/auth/callback/google`);
    expect(new URL(back).searchParams.get('iss')).toBe(`${ORIGIN}${made.base}/idp`);

    const signedIn = await ada.go(back);
    expect([signedIn.status, to(signedIn)]).toEqual([303, consent]);
    expect(await (await ada.go(consent)).text()).toContain('ada@example.com');
    const decided = await ada.go(`${made.base}/oauth/authorize`, {
      ...form({ interaction: consent.slice(consent.lastIndexOf('/') + 1), action: 'continue', scope: 'notes:read' }),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
    });
    expect(new URL(to(decided)).searchParams.get('code')).toMatch(/^.{40,}$/);

    // The whole dance is in the record, the requests between the two servers too.
    const { exchanges } = (await (
      await server.ask(`/api/sandboxes/${made.id}/exchanges`, { headers: { authorization: `Bearer ${made.token}` } })
    ).json()) as { exchanges: { endpoint: string; request: { url: string } }[] };
    const seen = exchanges.map(({ endpoint, request }) => `${endpoint} ${new URL(request.url).pathname}`);
    for (const one of [
      `sign-in ${made.base}/auth/login/google`,
      `as-metadata ${made.base}/idp/.well-known/openid-configuration`,
      `authorize ${made.base}/idp/oauth/authorize`,
      `consent ${made.base}/idp/oauth/authorize`,
      `token ${made.base}/idp/oauth/token`,
      `jwks ${made.base}/idp/.well-known/jwks.json`,
      `sign-in-callback ${made.base}/auth/callback/google`,
    ])
      expect.soft(seen).toContain(one);
    expect(server.logged).toEqual([]);
  });

  it('keeps who signs in apart from whoever has the same address and a password here', async () => {
    const made = await sandbox();
    await server.ask(
      `/api/sandboxes/${made.id}/users`,
      json({ email: 'ada@example.com', password: 'hers' }, 'POST', { authorization: `Bearer ${made.token}` }),
    );
    for (let round = 0; round < 2; round++) {
      const mallory = browser();
      const asked = to(await mallory.go(`${made.base}/auth/login/github`));
      const back = to(await agree(mallory, to(await mallory.go(asked)), made.base, 'ada@example.com'));
      expect(to(await mallory.go(back))).toBe(`${ORIGIN}${made.base}/auth/login`);
    }
    const { users } = (await (
      await server.ask(`/api/sandboxes/${made.id}/users`, { headers: { authorization: `Bearer ${made.token}` } })
    ).json()) as { users: { email: string; sub: string }[] };
    expect(users.filter(({ email }) => email === 'ada@example.com')).toHaveLength(2);
  });

  it('refuses an answer in another browser, twice, of another provider, or from no sign-in', async () => {
    const made = await sandbox();
    const ada = browser();
    const asked = to(await ada.go(`${made.base}/auth/login/google`));
    const back = to(await agree(ada, to(await ada.go(asked)), made.base, 'ada@example.com'));
    const stranger = browser();
    await stranger.go(`${made.base}/auth/login/google`);
    const reason = async (response: Response) => [
      response.status,
      /<code>(upstream-[a-z]+)<\/code>/.exec(await response.text())?.[1],
    ];
    expect(await reason(await stranger.go(back))).toEqual([403, 'upstream-browser']);
    expect(await reason(await ada.go(back.replace('/google', '/github')))).toEqual([400, 'upstream-state']);
    const forged = new URL(back);
    forged.searchParams.set('iss', 'https://attacker.example');
    expect((await ada.go(back)).status).toBe(303);
    expect(await reason(await ada.go(back))).toEqual([400, 'upstream-state']);
    expect(await reason(await ada.go(`${made.base}/auth/callback/google?code=x&state=y`))).toEqual([
      400,
      'upstream-state',
    ]);
    expect((await ada.go(`${made.base}/auth/login/myspace`)).status).toBe(404);
  });

  it.each([
    ['iss', 'https://attacker.example'],
    ['code', 'another'],
  ])('refuses an answer with a wrong %s', async (name, value) => {
    const made = await sandbox();
    const ada = browser();
    const asked = to(await ada.go(`${made.base}/auth/login/microsoft`));
    const back = new URL(to(await agree(ada, to(await ada.go(asked)), made.base, 'ada@example.com')));
    back.searchParams.set(name, value);
    const refused = await ada.go(back.href);
    expect([refused.status, (await refused.text()).includes('upstream-refused')]).toEqual([502, true]);
    expect(await (await ada.go(`${made.base}/auth/login`)).text()).not.toContain('You are signed in');
  });

  it('tells who declined at the provider what happened', async () => {
    const made = await sandbox();
    const ada = browser();
    const atProvider = to(await ada.go(to(await ada.go(`${made.base}/auth/login/google`))));
    const interaction = atProvider.slice(atProvider.lastIndexOf('/') + 1);
    const denied = await ada.go(`${made.base}/idp/oauth/authorize`, {
      ...form({ interaction, action: 'deny' }),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN },
    });
    const shown = await ada.go(to(denied));
    expect([shown.status, (await shown.text()).includes('access_denied')]).toEqual([400, true]);
  });

  it('opens no more of the provider than a sign-in needs, and holds where the clock was moved', async () => {
    const made = await sandbox();
    expect((await server.ask(`${made.base}/idp/.well-known/openid-configuration`)).status).toBe(404);
    expect((await server.ask(`${made.base}/idp/oauth/register`, json({}))).status).toBe(404);
    for (const set of ['2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z']) {
      const clock = json({ set }, 'POST', { authorization: `Bearer ${made.token}` });
      expect((await server.ask(`/api/sandboxes/${made.id}/clock`, clock)).status).toBe(200);
      const ada = browser();
      const asked = to(await ada.go(`${made.base}/auth/login/google`));
      const back = to(await agree(ada, to(await ada.go(asked)), made.base, 'ada@example.com'));
      expect((await ada.go(back)).status).toBe(303);
    }
  });

  it('ends the login of the browser by the form of /auth/login alone, with a 302 to /auth/login', async () => {
    const ada = browser();
    const asked = to(await ada.go('/auth/login/google'));
    await ada.go(to(await agree(ada, to(await ada.go(asked)), '', 'ada@example.com')));
    const page = await (await ada.go('/auth/login')).text();
    expect(page).toContain('You are signed in');
    const signedIn = async () =>
      ((await (await server.ask('/auth/login', { headers: { cookie: ada.cookie } })).json()) as { signed_in: boolean })
        .signed_in;
    const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const leave = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ada.go('/auth/logout', {
        ...form(fields),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: ORIGIN, ...headers },
      });
    // Another port of this machine is the same site, and gets the cookie.
    const elsewhere = { origin: 'http://localhost:9', 'sec-fetch-site': 'same-site' };
    for (const foreign of [leave({ ticket }, elsewhere), leave({}), leave({ ticket: 'x' })])
      expect.soft((await foreign).status).toBe(403);
    expect(await signedIn()).toBe(true);
    const out = await leave({ ticket });
    expect([out.status, to(out)]).toEqual([302, '/auth/login']);
    expect(await signedIn()).toBe(false);
    // Nobody is signed in any more, so that nothing is to be proved.
    expect((await leave({})).status).toBe(302);
  });
});

describe('the confused deputy', () => {
  /** Ada signs in once, with a client of her own; then Mallory's client asks in the same browser. */
  async function attack(config: Record<string, unknown>): Promise<string> {
    const made = await sandbox(config);
    const ada = browser();
    const first = to(await ada.go(`${made.base}/auth/login/google`));
    await ada.go(to(await agree(ada, to(await ada.go(first)), made.base, 'ada@example.com')));
    let at = to(await ada.go(authorization(made)));
    for (let hops = 0; hops < 4 && !at.startsWith('http://localhost:9/') && !at.includes('/consent/'); hops++)
      at = to(await ada.go(at));
    return at;
  }

  it('gets a code without a question if consent is assumed, as the provider remembers its one client', async () => {
    const url = new URL(await attack({ 'upstream.consent': 'assumed' }));
    expect(url.host).toBe('localhost:9');
    expect(url.searchParams.get('code')).toMatch(/^.{40,}$/);
    expect(url.searchParams.get('state')).toBe('mine');
  });

  it('gets a consent page by default', async () => {
    expect(await attack({})).toContain('/consent/');
  });
});
