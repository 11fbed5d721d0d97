import type { Lab } from '../types.ts';
import { AUTHORIZATION, LIST_NOTES, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

export const confusedDeputy: Lab = {
  id: 'confused-deputy',
  number: 11,
  title: 'The confused deputy',
  minutes: 5,
  line: 'The proxy signs you in at a provider that remembers you. Her client gets the code unasked.',
  lede:
    'An authorization server in front of an MCP server sends you on to a provider to sign in, as one client of that ' +
    'provider. The provider asked you once, for that one client. Whoever registers here rides on that answer.',
  aside:
    'The provider is simulated by the sandbox, whose own identity provider plays it; all of its messages are ' +
    'recorded. Mallory’s address ends in `.example`, and the lab shows where the answer would go.',
  attacker: 'Anyone who can register a client. Here everyone can.',
  victim: 'You, signed in at the provider, with consent that it remembers.',
  defence: {
    title: 'Consent for each client',
    short: 'Its own consent for each client',
    by: ['as'],
    off: {
      knobs: { 'upstream.consent': 'assumed' },
      does: 'Whoever comes back from the provider counts as having agreed.',
    },
    on: {
      knobs: { 'upstream.consent': 'asked' },
      does: 'The proxy asks for each client itself, whatever the provider remembers.',
    },
  },
  setup: { issuers: ['idp'] },
  before: [
    { act: 'follow', id: 'morning', url: '{base}/auth/login/google' },
    { act: 'press', id: 'morning-approved', decides: 'approve' },
  ],
  moments: [
    {
      id: 'register',
      side: 'attacker',
      title: 'Register a client',
      says: 'With an address of her own. That is allowed.',
      meanwhile: 'You signed in this morning, through the provider, and agreed.',
      acts: [
        {
          act: 'send',
          id: 'register',
          from: 'attacker',
          to: 'as',
          method: 'POST',
          url: '{base}/oauth/register',
          json: {
            client_name: 'Calendar helper',
            redirect_uris: ['https://attacker.example/callback'],
            token_endpoint_auth_method: 'none',
            scope: 'notes:read',
          },
          brings: { her_client: 'client_id' },
        },
      ],
    },
    {
      id: 'open',
      side: 'victim',
      title: 'Open her link',
      says: 'One click. Your browser goes where it is sent.',
      meanwhile: { off: 'She waits for the answer at her address.', on: 'She waits.' },
      acts: [
        {
          act: 'follow',
          id: 'open',
          values: 'attacker',
          url: '{authorization_endpoint}',
          query: { ...AUTHORIZATION, client_id: '{her_client}', redirect_uri: 'https://attacker.example/callback' },
        },
      ],
    },
    {
      id: 'decide',
      side: 'victim',
      title: 'Decide',
      says: 'A page asks whether Calendar helper may read your notes. You never heard of it.',
      meanwhile: '`access_denied` would come to her address.',
      only: 'on',
      acts: [
        { act: 'page', id: 'page' },
        { act: 'press', id: 'deny', decides: 'deny' },
      ],
    },
    {
      id: 'redeem',
      side: 'attacker',
      title: 'Redeem the code',
      says: 'It came to her address, and PKCE is her own.',
      passed: 'No code came.',
      meanwhile: { off: 'You saw a page load, and nothing to decide.', on: 'You close the page.' },
      acts: [
        { act: 'sees', id: 'arrives', from: 'you', to: 'attacker', takes: { code: 'code' }, label: 'the code' },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'attacker',
          form: { ...REDEMPTION, redirect_uri: 'https://attacker.example/callback', client_id: '{her_client}' },
          shows: ['code'],
          brings: ['access_token'],
        },
      ],
    },
    {
      id: 'call',
      side: 'attacker',
      title: 'Be you',
      says: 'The MCP server asks who is there.',
      passed: 'She has no token, so this is never sent.',
      meanwhile: { off: 'You see nothing.', on: 'Nothing was taken.' },
      outcome: 'your account, her request',
      acts: [
        {
          ...LIST_NOTES,
          id: 'call',
          from: 'attacker',
          tool: { name: 'whoami' },
        },
      ],
    },
  ],
  goal: {
    says: 'No client gets a token that you did not agree to.',
    all: [
      { is: 'answered', act: 'deny', reason: 'consent-denied' },
      { is: 'not', term: { is: 'held', by: 'attacker', value: 'access_token' } },
    ],
  },
  damage: {
    says: 'Mallory’s client holds a token for your account.',
    all: [
      { is: 'held', by: 'attacker', value: 'access_token', active: true },
      { is: 'answered', act: 'call', status: 200 },
    ],
  },
  stop: { act: 'deny', check: 'consent-given', at: 'as' },
  eye: {
    title: 'Open her link',
    waits: 'Opens when you have opened the link, or decided.',
    off: 'The provider vouches for who you are. The proxy takes that for what you agreed to. The two are not the same.',
    on: 'Who you are comes from the provider. What this client may do is asked here, by name, and you say no.',
  },
  seen: {
    off: 'You click once, see nothing to decide, and Mallory’s client acts as you.',
    on: 'A consent page names the client and its address, before any code exists.',
  },
  home: {
    client: 'Do not follow a sign-in that you did not begin. A page that asks is a page to read.',
    server:
      'If you sign users in elsewhere under one client of your own, ask for consent to each client yourself, and ' +
      'before you send anybody on. Keep what was agreed by client and address.',
    clauses: { client: ['mcp-sec-redirect'], server: ['mcp-sec-deputy', 'mcp-sec-redirect'] },
  },
  see: { rules: [], scenarios: [] },
  specimen: [
    { from: 'attacker', to: 'as', beads: ['attacker'] },
    { from: 'attacker', to: 'you', beads: ['attacker'] },
    { from: 'you', to: 'as', beads: [], stop: true },
    { from: 'as', to: 'attacker', beads: ['as'], pale: true },
    { from: 'attacker', to: 'mcp', beads: ['as'], pale: true },
  ],
};
