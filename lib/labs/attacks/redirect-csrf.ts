import type { Lab } from '../types.ts';
import { LIST_NOTES, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

/** How Mallory asks for a code. */
const hers = {
  response_type: 'code',
  client_id: '{client_id}',
  redirect_uri: '{redirect_uri}',
  scope: 'notes:write',
  state: '{state}',
  code_challenge: '{code_challenge}',
  code_challenge_method: 'S256',
  resource: '{resource}',
} as const;

export const redirectCsrf: Lab = {
  id: 'redirect-csrf',
  number: 2,
  title: 'Plant an answer',
  minutes: 4,
  line: 'You open her last URL. Your client is now connected to her account, and your notes go there.',
  lede:
    'Mallory starts a sign-in of her own, stops just before the callback, and gets you to open that last URL: a ' +
    'link, an image. Your client takes the code for its own and is now connected, in your browser, to Mallory’s ' +
    'account.',
  aside: 'Mallory is a made-up user in the sandbox of this lab. Nothing is sent to anybody.',
  attacker: 'Mallory, a user of the same authorization server, with an account of her own.',
  victim: 'Your browser, with the client open.',
  defence: {
    title: 'Tie the answer to the browser',
    short: 'Answer tied to this browser',
    by: ['client'],
    leavesOut: ['state', 'code_challenge', 'code_challenge_method', 'code_verifier'],
    off: {
      knobs: { 'authorize.pkce': 'optional' },
      client: { binding: 'none' },
      does: 'The client sends and compares none of these, as many did before OAuth 2.1.',
    },
    on: {
      knobs: { 'authorize.pkce': 's256' },
      client: { binding: 'state-and-pkce' },
      does: 'The client remembers them with the browser that asked, and compares.',
    },
  },
  before: [
    { act: 'approve', id: 'hers-before', who: 'attacker', decides: 'approve', query: hers },
    {
      ...TO_TOKEN_ENDPOINT,
      id: 'her-token',
      from: 'attacker',
      form: { ...REDEMPTION, code: '{own_code}' },
      brings: ['access_token'],
    },
  ],
  moments: [
    {
      id: 'begin',
      side: 'attacker',
      title: 'Begin, as Mallory',
      says: 'She approves as herself and does not let the redirect happen.',
      meanwhile: 'You are reading something else.',
      acts: [{ act: 'approve', id: 'hers', who: 'attacker', decides: 'approve', query: hers, shows: ['state'] }],
    },
    {
      id: 'link',
      side: 'attacker',
      title: 'Send you the last URL',
      says: 'It carries her code, unspent.',
      meanwhile: 'A link arrives. An image in a mail would do as well.',
      acts: [{ act: 'sees', id: 'sent', from: 'attacker', to: 'you', takes: {}, label: 'a link', sent: true }],
    },
    {
      id: 'open',
      side: 'victim',
      title: 'Open the link',
      says: 'One click. The client compares what it compares.',
      meanwhile: 'She waits.',
      acts: [{ act: 'callback', id: 'callback', of: 'attacker' }],
    },
    {
      id: 'take',
      side: 'victim',
      title: 'Take the answer',
      says: 'The client redeems the code, as it always does.',
      passed: 'The client has dropped the answer, so nothing is sent.',
      meanwhile: { off: 'The code was hers, and so is the account behind this token.', on: 'Nobody comes.' },
      acts: [
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'client',
          form: REDEMPTION,
          shows: ['code'],
          brings: ['access_token'],
        },
      ],
    },
    {
      id: 'careless',
      side: 'victim',
      title: 'And if it went on?',
      says: 'Suppose that it had not compared. Its verifier is its own, and her challenge is hers.',
      meanwhile: 'The challenge that she sent waits for a verifier that only she has.',
      only: 'on',
      acts: [
        {
          act: 'sees',
          id: 'address',
          from: 'attacker',
          to: 'client',
          takes: { planted: 'own_code' },
          label: 'her code',
        },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'careless',
          from: 'client',
          form: { ...REDEMPTION, code: '{planted}' },
          shows: ['code_verifier'],
          brings: ['access_token'],
        },
      ],
    },
    {
      id: 'write',
      side: 'victim',
      title: 'Write a note',
      says: 'Into whose notebook?',
      passed: 'Your client is not connected, and tells you so.',
      meanwhile: { off: 'It is written into her notebook.', on: 'Her notebook stays empty.' },
      acts: [
        {
          act: 'send',
          id: 'write',
          from: 'client',
          to: 'mcp',
          method: 'POST',
          url: '{mcp_url}',
          tool: { name: 'notes_add', arguments: { text: 'The spare key is under the third flowerpot' } },
          headers: { Authorization: 'Bearer {access_token}' },
        },
      ],
    },
    {
      id: 'read',
      side: 'attacker',
      title: 'Read her notes',
      says: 'As herself, with her own token.',
      meanwhile: { off: 'You see nothing.', on: 'Nothing of yours is there.' },
      outcome: { off: 'a note, and it is yours', on: 'no note at all' },
      acts: [
        {
          ...LIST_NOTES,
          id: 'read',
          from: 'attacker',
          brings: { notes: '*' },
        },
      ],
    },
  ],
  goal: {
    says: 'Your client never acts as Mallory.',
    all: [{ is: 'not', term: { is: 'held', by: 'victim', value: 'access_token', user: 'mallory' } }],
  },
  damage: {
    says: 'Mallory reads what you wrote.',
    all: [{ is: 'answered', act: 'read', status: 200, has: 'third flowerpot' }],
  },
  stop: { act: 'callback', check: 'client-state', at: 'client' },
  eye: {
    title: 'Open the link',
    waits: 'Opens when the link has been opened.',
    off:
      'The address is a genuine answer of the genuine server. Nothing in it says that another browser asked for it, ' +
      'and this client had kept nothing to compare with.',
    on:
      'The client remembers what this browser asked for, and this browser asked for nothing. It stops before the ' +
      'code goes anywhere. PKCE would have stopped it a second time.',
  },
  seen: {
    off: 'Your client acts for Mallory. Your note is in her list.',
    on:
      'The client stops: the `state` is none of its own. Had it gone on, its verifier would not fit her challenge, ' +
      'and the server would answer `invalid_grant`.',
  },
  home: {
    client:
      'Keep `state`, verifier and issuer together, per request, bound to the browser. Drop an answer that fits none ' +
      'of them, silently and finally.',
    server: 'Enforce the challenge. It is the one part of this that you can check.',
    clauses: { client: ['oauth21-7.9', 'oauth21-2.3.3', 'rfc6749-10.12'], server: ['rfc9700-4.7.1'] },
  },
  see: {
    experiments: ['authorization-code.authorization.no-state'],
    rules: ['authorize.state-present', 'authorize.state-verified'],
    scenarios: ['state-wrong', 'state-missing'],
  },
  specimen: [
    { from: 'attacker', to: 'as', beads: [] },
    { from: 'as', to: 'attacker', beads: ['as'] },
    { from: 'attacker', to: 'you', beads: ['as'] },
    { from: 'you', to: 'client', beads: ['as'], stop: true },
  ],
};
