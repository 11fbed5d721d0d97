/** RFC 9700 §4.1 and §4.11: where an answer can be made to go that its client never meant. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CALLBACK,
  form,
  type Instance,
  openInstance,
  s256,
  type TestClient,
  type TestSandbox,
} from '../lib/sandbox.ts';

let instance: Instance;
let sandbox: TestSandbox;
let web: TestClient;
let native: TestClient;
beforeAll(async () => {
  instance = await openInstance();
  sandbox = await instance.sandbox();
  web = await sandbox.register({ redirect_uris: [CALLBACK] });
  native = await sandbox.register({
    redirect_uris: ['http://127.0.0.1:8000/cb', 'http://localhost:8000/cb', 'http://[::1]:8000/cb'],
    application_type: 'native',
  });
});
afterAll(() => instance.close());

/** Nothing leaves, however the answer looks and by whichever way it was asked for. */
async function expectHeld(client: TestClient, redirect_uri: string): Promise<void> {
  for (const more of [{ auto_approve: 'true' }, {}, { prompt: 'none' }, { scope: 'unheard-of' }]) {
    const answer = await sandbox.authorize(client, { redirect_uri, ...more }, { accept: 'text/html' });
    expect
      .soft([redirect_uri, more, answer.status, answer.headers.get('location')])
      .toEqual([redirect_uri, more, 400, null]);
    expect.soft(answer.headers.get('refresh')).toBeNull();
    expect.soft(answer.text).not.toMatch(/http-equiv|<script|<form/i);
    // What was asked for is text on the page, and no link.
    for (const [, href] of answer.text.matchAll(/(?:href|src|action)="([^"]*)"/g))
      expect.soft(href).not.toMatch(/evil|attacker/);
  }
  const pushed = await sandbox.post('/oauth/par', {
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri,
    code_challenge: s256('v'.repeat(43)),
    code_challenge_method: 'S256',
  });
  expect([redirect_uri, pushed.status]).toEqual([redirect_uri, 400]);
  const posted = await instance.ask(
    `${sandbox.issuer}/oauth/authorize`,
    form({
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri,
      auto_approve: 'true',
      code_challenge: s256('v'.repeat(43)),
      code_challenge_method: 'S256',
    }),
  );
  expect([redirect_uri, posted.status, posted.headers.get('location')]).toEqual([redirect_uri, 400, null]);
}

describe('against a registered https address', () => {
  test.each([
    // Prefix and suffix.
    'https://client.example/callback/evil',
    'https://client.example/callbackevil',
    'https://client.example/callback.evil.example',
    'https://client.example/',
    'https://client.example',
    'https://client.example/callback/',
    'https://client.example/callback?',
    'https://client.example/callback?next=//evil.example',
    'https://client.example/callback;evil',
    'https://client.example.evil.example/callback',
    'https://evilclient.example/callback',
    'https://evil.example/https://client.example/callback',
    'https://sub.client.example/callback',
    'https://client.examples/callback',
    'https://client.example./callback',
    // User information, which hides the host.
    'https://client.example@evil.example/callback',
    'https://client.example%40evil.example/callback',
    'https://evil.example\\@client.example/callback',
    'https://client.example\\@evil.example/callback',
    'https://client.example:443@evil.example/callback',
    'https://user@client.example/callback',
    'https://:@client.example/callback',
    // Fragments, and what is made of them.
    'https://client.example/callback#',
    'https://client.example/callback#evil',
    'https://evil.example#client.example/callback',
    'https://evil.example/?client.example/callback',
    'https://evil.example#@client.example/callback',
    // Encodings and dots.
    'https://client.example/%63allback',
    'https://client.example/callback%2F..%2Fevil',
    'https://client.example/x/../callback',
    'https://client.example/./callback',
    'https://client.example//callback',
    'https://client.example/callback/../../evil',
    'https://client.example/%2e%2e/callback',
    'https://client.example/callback%00',
    'https://client.example/callback%0d%0aLocation:%20https://evil.example',
    'https://client.example/callback%20',
    'https://%63lient.example/callback',
    // Case and port.
    'HTTPS://client.example/callback',
    'https://CLIENT.example/callback',
    'https://client.example/Callback',
    'https://client.example:443/callback',
    'https://client.example:8443/callback',
    'https://client.example:/callback',
    'http://client.example/callback',
    'http://client.example:443/callback',
    // Backslashes, white space, control characters.
    'https:\\\\client.example\\callback',
    'https:/client.example/callback',
    'https:client.example/callback',
    'https:///client.example/callback',
    'https://client.example\\callback',
    ' https://client.example/callback',
    'https://client.example/callback ',
    'https://client.example/call\tback',
    'https://client.example/callback\n',
    'https://client.example/callback\u0000',
    '\u0000https://client.example/callback',
    // Unicode that looks, or normalises, alike.
    'https://cli\u0435nt.example/callback',
    'https://client\u3002example/callback',
    'https://client.example\uFF0Fcallback',
    'https://client.example\u2044callback',
    'https://\uFF43lient.example/callback',
    'https://client.example/callb\u00E0ck',
    'https://client.example/callback\u200B',
    'https://client.example/callback\uFEFF',
    'https://client.ex\u00ADample/callback',
    'https://client.example/callbac\u212A',
    // Other schemes, relative addresses, nothing at all.
    'javascript:alert(document.domain)//https://client.example/callback',
    'data:text/html,https://client.example/callback',
    'blob:https://client.example/callback',
    'vbscript:https://client.example/callback',
    '//client.example/callback',
    '//evil.example/callback',
    '/callback',
    'client.example/callback',
    'evil.example',
    '*',
    'null',
    'undefined',
    'about:blank',
    'urn:ietf:wg:oauth:2.0:oob',
    'postmessage',
    'ftp://client.example/callback',
    'ws://client.example/callback',
    'custom://client.example/callback',
  ])('%j is held', (redirect_uri) => expectHeld(web, redirect_uri));
});

describe('against a registered loopback address', () => {
  test.each([
    'http://127.0.0.1.evil.example:8000/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://localhost.evil.example:8000/cb',
    'http://localhost.:8000/cb',
    'http://127.0.0.1.:8000/cb',
    'http://127.1:8000/cb',
    'http://127.0.1:8000/cb',
    'http://0.0.0.0:8000/cb',
    'http://0:8000/cb',
    'http://2130706433:8000/cb',
    'http://0x7f000001:8000/cb',
    'http://0177.0.0.1:8000/cb',
    'http://127.0.0.01:8000/cb',
    'http://127.0.0.2:8000/cb',
    'http://127.255.255.255:8000/cb',
    'http://[::ffff:127.0.0.1]:8000/cb',
    'http://[::ffff:7f00:1]:8000/cb',
    'http://[0:0:0:0:0:0:0:1]:8000/cb',
    'http://[::]:8000/cb',
    'http://[::1%25lo]:8000/cb',
    'http://LOCALHOST:8000/cb',
    'http://Localhost:8000/cb',
    'http://user@127.0.0.1:8000/cb',
    'http://127.0.0.1:8000@evil.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'http://127.0.0.1:@evil.example/cb',
    'http://127.0.0.1:80:80/cb',
    'http://127.0.0.1:8000:80/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:-1/cb',
    'http://127.0.0.1:8e3/cb',
    'http://127.0.0.1: 80/cb',
    'https://127.0.0.1:8000/cb',
    'http://127.0.0.1:8000/CB',
    'http://127.0.0.1:8000/cb/',
    'http://127.0.0.1:8000/cb?x',
    'http://127.0.0.1:8000/cb#',
    'http://127.0.0.1:8000/',
    'http://127.0.0.1:8000',
    'http://127.0.0.1:8000//cb',
    'http://127.0.0.1:8000\\cb',
    'http:\\\\127.0.0.1:8000/cb',
    'http://127.0.0.1:8000/../cb',
    'http://①②⑦.0.0.1:8000/cb',
    'http://127。0。0。1:8000/cb',
    'http://localhost%00.evil.example:8000/cb',
    'http://localhost%2eevil.example:8000/cb',
    'http://xlocalhost:8000/cb',
    'http://app.localhost:8000/cb',
    'file://127.0.0.1/cb',
    'custom://127.0.0.1:8000/cb',
  ])('%j is held', (redirect_uri) => expectHeld(native, redirect_uri));

  test('only the port is free, on the three addresses', async () => {
    for (const redirect_uri of [
      'http://127.0.0.1:1/cb',
      'http://127.0.0.1/cb',
      'http://localhost:65535/cb',
      'http://[::1]:5/cb',
    ])
      expect
        .soft(
          (await sandbox.authorize(native, { redirect_uri, auto_approve: 'true' })).headers
            .get('location')
            ?.startsWith(`${redirect_uri}?code=`),
        )
        .toBe(true);
  });
});

describe('by pollution', () => {
  const base = (client: TestClient): [string, string][] => [
    ['client_id', client.client_id],
    ['response_type', 'code'],
    ['code_challenge', s256('v'.repeat(43))],
    ['code_challenge_method', 'S256'],
    ['auto_approve', 'true'],
  ];
  test('a second redirect_uri or client_id, in whichever order, is held', async () => {
    for (const pairs of [
      [
        ['redirect_uri', CALLBACK],
        ['redirect_uri', 'https://evil.example/'],
      ],
      [
        ['redirect_uri', 'https://evil.example/'],
        ['redirect_uri', CALLBACK],
      ],
      [
        ['redirect_uri', CALLBACK],
        ['redirect_uri', ''],
      ],
      [
        ['redirect_uri', CALLBACK],
        ['client_id', native.client_id],
      ],
    ] as [string, string][][]) {
      const answer = await sandbox.authorize(web, [...base(web), ...pairs]);
      expect.soft([pairs, answer.status, answer.headers.get('location')]).toEqual([pairs, 400, null]);
    }
  });

  test('query and body are not mixed', async () => {
    const mixed = await instance.ask(
      `${sandbox.issuer}/oauth/authorize?redirect_uri=https://evil.example/&client_id=${web.client_id}`,
      form(base(web)),
    );
    expect(mixed.headers.get('location')).toMatch(/^https:\/\/client\.example\/callback\?code=/);
    const odd = await sandbox.authorize(web, [
      ...base(web),
      ['redirect_uri[]', 'https://evil.example/'],
      ['redirect_uri ', 'https://evil.example/'],
      ['REDIRECT_URI', 'https://evil.example/'],
    ]);
    expect(odd.headers.get('location')).toMatch(/^https:\/\/client\.example\/callback\?code=/);
  });

  test.each(['iss=https://honest.example', 'state=fixed', 'a=1&%63ode=x', 'error'])(
    'an address that holds parameters of the answer is not registered: ?%s',
    async (query) => {
      const made = await sandbox.json('POST', '/oauth/register', {
        redirect_uris: [`https://client.example/cb?${query}`],
      });
      expect([made.status, made.body.error]).toEqual([400, 'invalid_redirect_uri']);
    },
  );
});

describe('the demonstration of a weak comparison', () => {
  test('exists only where a sandbox asks for it by name', async () => {
    const weak = await instance.sandbox({ 'authorize.redirectMatch': 'prefix' });
    const one = await weak.register({ redirect_uris: [CALLBACK] });
    expect(
      (await weak.authorize(one, { redirect_uri: 'https://client.example.evil.example/', auto_approve: 'true' }))
        .status,
    ).toBe(302);
    expect((await weak.authorize(one, { redirect_uri: 'javascript:alert(1)', auto_approve: 'true' })).status).toBe(400);
    expect(
      (await sandbox.authorize(web, { redirect_uri: 'https://client.example.evil.example/', auto_approve: 'true' }))
        .status,
    ).toBe(400);
  });

  test('a scheme that a browser runs is never redirected to, even where a registration holds it', async () => {
    const lax = await instance.sandbox(
      { 'registration.redirectPolicy': 'any' },
      {
        clients: [
          {
            client_id: 'odd',
            redirect_uris: ['javascript:alert(1)', 'data:text/html,x', 'https://client.example/callback'],
          },
        ],
      },
    );
    for (const redirect_uri of ['javascript:alert(1)', 'data:text/html,x']) {
      const answer = await lax.authorize('odd', { redirect_uri, auto_approve: 'true' }, { accept: 'text/html' });
      expect.soft([redirect_uri, answer.status, answer.headers.get('location')]).toEqual([redirect_uri, 400, null]);
    }
  });
});
