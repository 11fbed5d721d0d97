import type { Lab } from '../types.ts';
import { AUTHORIZATION, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

const list = {
  method: 'POST',
  url: '{mcp_url}',
  tool: { name: 'notes_list' },
  headers: { Authorization: 'Bearer {access_token}' },
} as const;

/** The backend is a client that can keep a secret, and proves itself. */
const BACKEND = 'notebook-backend';
const SECRET = 'kept-by-the-backend-of-this-lab-alone';

export const browserTokens: Lab = {
  id: 'browser-tokens',
  number: 13,
  title: 'What the page keeps',
  minutes: 3,
  line: 'One foreign script in the page reads its storage, and takes your token to another machine.',
  lede:
    'A client that runs in the browser keeps its tokens in the storage of the page. Every script of that page can ' +
    'read them: a widget, an advertisement, a package that was changed last night.',
  aside:
    'The storage is that of this tab. Client, backend and foreign script are played by this page, and the token ' +
    'belongs to the sandbox of this lab.',
  attacker: 'A script that somebody else wrote, in the page of the client.',
  victim: 'You, with the client open in your browser.',
  defence: {
    title: 'Backend for frontend',
    short: 'Tokens in a backend (BFF)',
    by: ['client'],
    off: {
      knobs: {},
      client: { tokens: 'browser' },
      does: 'The page redeems the code and keeps the token in its storage.',
    },
    on: {
      knobs: {},
      client: { tokens: 'backend' },
      does: 'A backend redeems the code, with a secret of its own, and keeps the token. The page has a session only.',
    },
  },
  clients: [
    {
      client_id: BACKEND,
      client_name: 'Notebook',
      client_secret: SECRET,
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: ['{origin}/guide/callback'],
      grant_types: ['authorization_code'],
      scope: 'notes:read',
    },
  ],
  notes: ['Anna’s present is behind the boiler', 'Landlord: call before the tenth'],
  moments: [
    {
      id: 'sign-in',
      side: 'victim',
      title: 'Sign in',
      says: 'As usual. What differs is who keeps the token.',
      meanwhile: 'Her script is loaded with the page, and waits.',
      acts: [
        { act: 'approve', id: 'authorize', who: 'you', decides: 'approve', query: AUTHORIZATION, only: 'off' },
        {
          act: 'approve',
          id: 'authorize-backend',
          who: 'you',
          decides: 'approve',
          query: { ...AUTHORIZATION, client_id: BACKEND },
          shows: ['client_id'],
          only: 'on',
        },
        { act: 'callback', id: 'callback', of: 'victim' },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'client',
          form: REDEMPTION,
          brings: ['access_token'],
          only: 'off',
        },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem-backend',
          from: 'client',
          form: { ...REDEMPTION, client_id: BACKEND },
          headers: { Authorization: `Basic ${btoa(`${BACKEND}:${SECRET}`)}` },
          shows: ['Authorization'],
          brings: ['access_token'],
          only: 'on',
        },
        { act: 'store', id: 'keep', does: 'keep', values: ['access_token'] },
      ],
    },
    {
      id: 'use',
      side: 'victim',
      title: 'Read your notes',
      says: 'The client works in both positions.',
      meanwhile: 'Her script runs in the same page, with the same rights.',
      acts: [{ act: 'send', id: 'use', from: 'client', to: 'mcp', ...list }],
    },
    {
      id: 'read',
      side: 'attacker',
      title: 'Read the storage',
      says: 'One line of script.',
      meanwhile: 'You see nothing.',
      acts: [{ act: 'store', id: 'read', does: 'read', values: ['access_token'] }],
    },
    {
      id: 'call',
      side: 'attacker',
      title: 'Call from her own machine',
      says: 'The page may be closed by now. The token is good until it expires.',
      passed: 'She has no token, so this is never sent.',
      meanwhile: { off: 'You see nothing.', on: 'Your token has not left the backend.' },
      outcome: 'your notes',
      acts: [
        {
          act: 'send',
          id: 'call',
          from: 'attacker',
          to: 'mcp',
          ...list,
          shows: ['Authorization'],
          brings: { notes: '*' },
        },
      ],
    },
  ],
  goal: {
    says: 'The client works, and the script finds no token.',
    all: [
      { is: 'answered', act: 'use', status: 200 },
      { is: 'answered', act: 'read', check: 'page-storage' },
      { is: 'not', term: { is: 'held', by: 'attacker', value: 'access_token' } },
    ],
  },
  damage: {
    says: 'Mallory reads your notes from her own machine.',
    all: [
      { is: 'held', by: 'attacker', value: 'access_token', user: 'you', active: true },
      { is: 'answered', act: 'call', status: 200, has: 'boiler' },
    ],
  },
  stop: { act: 'read', check: 'page-storage', at: 'client' },
  eye: {
    title: 'Read the storage',
    waits: 'Opens when the script has read the storage.',
    off: 'The storage of a page is open to all of its scripts. The browser cannot tell yours from hers.',
    on: 'The token never was in the page. No server had to refuse anything.',
  },
  seen: {
    off: 'The script takes the token along, and Mallory reads your notes from elsewhere.',
    on:
      'There is nothing to take. The limit of this defence: as long as the page is open, the script can ask the ' +
      'backend as the page does. It ends when the page is closed.',
  },
  home: {
    client:
      'Keep tokens in a backend and give the page a session in a cookie with `HttpOnly`, `Secure` and `SameSite`. ' +
      'Let no foreign script in: a content security policy limits what one can still do.',
    server:
      'Give short lifetimes to the tokens of clients that run in a browser, and bind them to a key if the client can ' +
      'keep one.',
    clauses: { client: ['browser-apps-6.1', 'browser-apps-5.1'], server: ['rfc9700-4.10.1', 'mcp-sec-theft'] },
  },
  see: { tracks: ['authorization-code', 'sender-constrained'] },
  specimen: [
    { from: 'as', to: 'client', beads: ['as'] },
    { from: 'client', to: 'attacker', beads: ['as'], sees: true, stop: true },
    { from: 'attacker', to: 'mcp', beads: ['as'], pale: true },
  ],
};
