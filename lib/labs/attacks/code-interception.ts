import type { Lab } from '../types.ts';
import { AUTHORIZATION, LIST_NOTES, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

export const codeInterception: Lab = {
  id: 'code-interception',
  number: 1,
  title: 'Steal the code',
  minutes: 4,
  line: 'An app that shares the callback sees the code first, and redeems it.',
  lede:
    'Mallory’s app sits where the answer arrives. It sees the code before the real client does, and takes it to the ' +
    'token endpoint. A public client has no secret, so what is to stop her?',
  aside:
    'On a phone, two apps can claim the same callback address; on a laptop, any program may read the browser’s ' +
    'history. Here both sides are this page. The code is one that you approve in a sandbox made for this lab.',
  attacker: 'An app that shares the callback. It sees the whole redirect, and nothing that stays inside the client.',
  victim: 'The client of this lab, and you at the consent page.',
  defence: {
    title: 'PKCE',
    short: 'PKCE',
    by: ['client', 'as'],
    leavesOut: ['code_challenge', 'code_challenge_method', 'code_verifier'],
    off: {
      knobs: { 'authorize.pkce': 'optional' },
      does: 'The client leaves these out, and the server does not ask.',
    },
    on: { knobs: { 'authorize.pkce': 's256' }, does: 'The client uses them, and the server insists.' },
  },
  notes: ['Spare key: under the third flowerpot', 'Dentist, Tuesday 9:40', 'Ask about the lease, not by mail'],
  moments: [
    {
      id: 'approve',
      side: 'victim',
      title: 'Approve as usual',
      says: 'You see nothing odd, and nothing is odd yet.',
      meanwhile: 'Mallory waits. Her app has claimed the same callback address.',
      acts: [
        {
          act: 'approve',
          id: 'authorize',
          who: 'you',
          decides: 'approve',
          query: AUTHORIZATION,
          shows: ['code_challenge'],
        },
      ],
    },
    {
      id: 'read',
      side: 'attacker',
      title: 'Read the redirect',
      says: 'The code, `state` and `iss` are in the address.',
      meanwhile: 'Your browser follows the redirect. The app that claims the address gets it first.',
      acts: [
        {
          act: 'sees',
          id: 'redirect',
          from: 'you',
          to: 'attacker',
          takes: { code: 'code', state: 'state', iss: 'iss' },
          label: 'reads it',
        },
      ],
    },
    {
      id: 'first',
      side: 'attacker',
      title: 'Redeem it first',
      says: 'Everything a public client needs, except what never left it.',
      meanwhile: 'The client is still waiting for its callback.',
      acts: [
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'steal',
          from: 'attacker',
          form: {
            grant_type: 'authorization_code',
            code: '{code}',
            redirect_uri: '{redirect_uri}',
            client_id: '{client_id}',
            resource: '{resource}',
          },
          shows: ['code'],
          brings: ['access_token', 'refresh_token'],
        },
      ],
    },
    {
      id: 'call',
      side: 'attacker',
      title: 'Call the tool',
      says: 'With whatever came back.',
      passed: 'Nothing did, so this is never sent.',
      meanwhile: {
        off: 'You see nothing. No page opens, and no message comes.',
        on: 'You see nothing, and nothing was taken.',
      },
      outcome: 'your notes',
      acts: [
        {
          ...LIST_NOTES,
          id: 'rob',
          from: 'attacker',
          brings: { notes: '*' },
        },
      ],
    },
    {
      id: 'second',
      side: 'victim',
      title: 'Redeem it second',
      says: 'The client, unaware, does what it always does.',
      meanwhile: {
        off: 'Her tokens die with the code. By then your notes have been read.',
        on: 'Her copy of the code is worth nothing now. It was spent by the one who held the verifier.',
      },
      acts: [
        { act: 'callback', id: 'callback', of: 'victim' },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'client',
          form: { ...REDEMPTION, resource: '{resource}' },
          shows: ['code_verifier'],
          brings: ['access_token', 'refresh_token'],
        },
      ],
    },
  ],
  goal: {
    says: 'The attacker holds nothing, the client holds a token.',
    all: [
      { is: 'not', term: { is: 'held', by: 'attacker', value: 'access_token' } },
      { is: 'held', by: 'victim', value: 'access_token', user: 'you', active: true },
    ],
  },
  damage: {
    says: 'Mallory has read your notes.',
    all: [{ is: 'answered', act: 'rob', status: 200, has: 'third flowerpot' }],
  },
  stop: { act: 'steal', check: 'verifier-present', at: 'as' },
  eye: {
    title: 'Redeem it first',
    waits: 'Opens when Mallory has asked the token endpoint.',
    kept: {
      act: 'authorize',
      names: ['client_id', 'redirect_uri', 'scope', 'code_challenge'],
      says: 'Kept with the code, in moment 1',
    },
    missing: { name: 'code_verifier', says: 'which only the client holds' },
    off:
      'Nothing in the request shows that Mallory sent it. The server had kept nothing that only the client could ' +
      'match, so it asked for nothing.',
    on:
      'The stolen code is good, and useless: beside it lies the hash of a secret that never travelled through the ' +
      'browser. Mallory would have to guess 256 bits.',
  },
  seen: {
    off:
      'The attacker gets tokens and reads your notes. The client is refused: `invalid_grant`, the code is spent. ' +
      'Its second try revokes what the thief got; by then your notes have been read.',
    on:
      'The attacker is refused, since the verifier is not in the redirect. The client redeems the code a moment ' +
      'later as if nothing had happened: a failed try does not use it up.',
  },
  home: {
    client:
      'Make a fresh verifier for each request and keep it where the callback cannot see it. Refuse servers whose ' +
      'metadata does not list `S256`.',
    server:
      'Refuse authorization requests of public clients without a challenge, and a verifier where there was no ' +
      'challenge: taking either away must not work.',
    clauses: {
      client: ['rfc7636-1', 'rfc9700-4.5.3.1', 'oauth21-7.5.2'],
      server: ['oauth21-4.1.2.1', 'oauth21-4.1.3'],
    },
  },
  see: {
    experiments: ['authorization-code.authorization.no-challenge', 'authorization-code.token.no-verifier'],
    rules: ['authorize.pkce-challenge', 'token.pkce-verifier'],
  },
  specimen: [
    { from: 'as', to: 'you', beads: ['as'] },
    { from: 'you', to: 'attacker', beads: ['as'], sees: true },
    { from: 'attacker', to: 'as', beads: ['as', 'client'], stop: true },
    { from: 'client', to: 'as', beads: ['as', 'client'] },
  ],
};
