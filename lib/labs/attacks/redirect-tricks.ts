import type { Approve, Lab } from '../types.ts';

/** A genuine authorization request with an address that is not quite the registered one. */
function link(id: string, redirectUri: string, scope = 'notes:read'): Approve {
  return {
    act: 'approve',
    id,
    who: 'you',
    values: 'attacker',
    decides: 'nothing',
    query: {
      response_type: 'code',
      client_id: 'shop',
      redirect_uri: redirectUri,
      scope,
      state: '{state}',
      code_challenge: '{code_challenge}',
      code_challenge_method: 'S256',
      resource: '{resource}',
    },
    shows: scope === 'notes:read' ? ['redirect_uri'] : ['redirect_uri', 'scope'],
  };
}

export const redirectTricks: Lab = {
  id: 'redirect-tricks',
  number: 4,
  title: 'Almost the right address',
  minutes: 5,
  line: 'A redirect URI that looks right. If the server compares loosely, the code goes for a walk.',
  lede:
    'The client registered `https://client.example/callback`. Mallory tries what looks like it: a path below, a ' +
    'host that begins with it, a name before the at sign. If the server compares loosely, the code goes for a walk.',
  aside:
    'The addresses end in `.example`, which belongs to nobody, and the lab shows the `Location` header instead of ' +
    'following it.',
  attacker: 'Whoever wrote the link.',
  victim: 'You, following a link to the genuine authorization server.',
  defence: {
    title: 'Exact comparison',
    short: 'Exact comparison',
    by: ['as'],
    off: {
      knobs: { 'authorize.redirectMatch': 'prefix' },
      does: 'The server takes every address that begins like the registered one.',
    },
    on: { knobs: { 'authorize.redirectMatch': 'exact' }, does: 'The server compares the two strings.' },
  },
  clients: [
    {
      client_id: 'shop',
      client_name: 'The shop',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['https://client.example/callback'],
    },
  ],
  moments: [
    {
      id: 'path',
      side: 'attacker',
      title: 'A path below',
      says: 'The client’s own page that forwards to anywhere.',
      meanwhile: { off: 'A genuine consent page opens.', on: 'An error page of the genuine server opens.' },
      acts: [link('path', 'https://client.example/callback/../go?to=https://attacker.example/')],
    },
    {
      id: 'host',
      side: 'attacker',
      title: 'A longer host',
      says: 'Begins like the client’s, and belongs to somebody else.',
      meanwhile: { off: 'A genuine consent page opens.', on: 'An error page again.' },
      acts: [link('host', 'https://client.example.attacker.example/callback')],
    },
    {
      id: 'error',
      side: 'attacker',
      title: 'An error instead of a code',
      says: 'No approval needed: a scope that nobody knows makes the server redirect at once.',
      meanwhile: { off: 'You land on her page, by way of a server that you trust.', on: 'An error page again.' },
      acts: [link('error', 'https://client.example.attacker.example/callback', 'nonsense')],
    },
    {
      id: 'user',
      side: 'attacker',
      title: 'A name before the at sign',
      says: 'What stands before the `@` is a user name.',
      meanwhile: { off: 'A genuine consent page opens.', on: 'An error page again.' },
      acts: [link('user', 'https://client.example@attacker.example/callback')],
    },
    {
      id: 'approve',
      side: 'victim',
      title: 'Approve',
      says: 'The page is genuine. Look at the line that says where the answer goes.',
      passed: 'There is no page to approve on.',
      meanwhile: { off: 'The code arrives at her address.', on: 'Nothing arrives.' },
      acts: [
        { act: 'press', id: 'approve', decides: 'approve' },
        { act: 'sees', id: 'arrives', from: 'you', to: 'attacker', takes: { code: 'code' }, label: 'the code' },
      ],
    },
  ],
  goal: {
    says: 'No redirect leaves for an address that was not registered.',
    all: [
      {
        is: 'not',
        term: { is: 'answered', act: ['path', 'host', 'error', 'user', 'approve'], redirects: 'unregistered' },
      },
    ],
  },
  damage: {
    says: 'Code and error go to an address of Mallory.',
    all: [
      { is: 'answered', act: 'error', redirects: 'unregistered' },
      { is: 'answered', act: 'approve', redirects: 'unregistered' },
      { is: 'held', by: 'attacker', value: 'code' },
    ],
  },
  stop: { act: 'host', check: 'redirect-uri', at: 'as' },
  eye: {
    title: 'A longer host',
    waits: 'Opens when the second link has been opened.',
    off:
      'The server asks whether the address begins like the registered one. It does. Where a host ends is not a ' +
      'question that a comparison of prefixes asks.',
    on: 'The two strings differ, so the server shows an error page of its own. It redirects nobody.',
  },
  seen: {
    off:
      'Each address that begins like the registered one is taken, and code or error goes there. With PKCE the code ' +
      'alone is worth little; as a phishing link the server’s good name is worth a lot.',
    on: 'Four error pages, and no redirect at all, not even for the error.',
  },
  home: {
    client: 'Have no page that forwards to an address from its own URL. Register full addresses, one for each use.',
    server:
      'Compare strings. Only the port of a loopback address may differ. Never redirect before client and redirect ' +
      'URI are matched, least of all with an error.',
    clauses: {
      client: ['oauth21-7.12.1', 'mcp-sec-redirect'],
      server: ['rfc9700-4.1.3', 'oauth21-4.1.2.1', 'oauth21-7.12.2'],
    },
  },
  see: {
    experiments: ['authorization-code.authorization.redirect-slash'],
    rules: ['authorize.redirect-uri-registered'],
    scenarios: ['redirect-port-exact'],
  },
  specimen: [
    { from: 'attacker', to: 'you', beads: ['attacker'] },
    { from: 'you', to: 'as', beads: ['attacker'] },
    { from: 'as', to: 'attacker', beads: ['as'], stop: true },
  ],
};
