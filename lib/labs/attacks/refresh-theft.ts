import type { Act, Lab, Send } from '../types.ts';
import { AUTHORIZATION, REDEMPTION } from './usual.ts';

/** How the client came by a refresh token this morning. */
function signIn(id: string, token: string): Act[] {
  return [
    {
      act: 'approve',
      id: `authorize-${id}`,
      who: 'you',
      decides: 'approve',
      query: AUTHORIZATION,
    },
    { act: 'callback', id: `callback-${id}`, of: 'victim' },
    {
      act: 'send',
      id: `redeem-${id}`,
      from: 'client',
      to: 'as',
      method: 'POST',
      url: '{token_endpoint}',
      form: REDEMPTION,
      brings: { [token]: 'refresh_token' },
    },
  ];
}

function renewal(id: string, from: 'client' | 'attacker', token: string): Send {
  return {
    act: 'send',
    id,
    from,
    to: 'as',
    method: 'POST',
    url: '{token_endpoint}',
    form: { grant_type: 'refresh_token', refresh_token: `{${token}}`, client_id: '{client_id}' },
    shows: ['refresh_token'],
    brings: { access_token: 'access_token', [token]: 'refresh_token' },
  };
}

export const refreshTheft: Lab = {
  id: 'refresh-theft',
  number: 6,
  title: 'The stolen refresh token',
  minutes: 5,
  line: 'A copy from a backup is good for ninety days. She needs no browser and no password.',
  lede:
    'A backup, a log, a laptop left on a train: Mallory has your client’s refresh token. It is good for ninety ' +
    'days. She needs no browser and no password, and you would notice nothing, if the server did not.',
  aside: 'The stolen token is one of this sandbox, issued for the lab and dead after it.',
  attacker: 'Someone with a copy of the refresh token, as it was this morning.',
  victim: 'A client that renews its token now and then.',
  defence: {
    title: 'Rotation with reuse detection',
    short: 'Rotation with reuse detection',
    by: ['as'],
    off: { knobs: { 'refresh.reuse': 'accept' }, does: 'Spent tokens go on working.' },
    on: { knobs: { 'refresh.reuse': 'revoke-family' }, does: 'A spent token that comes back ends the whole family.' },
  },
  before: [...signIn('first', 'refresh_token'), ...signIn('second', 'other_refresh_token')],
  moments: [
    {
      id: 'copy',
      side: 'attacker',
      title: 'Copy the token',
      says: 'Both sides hold the same string.',
      meanwhile: 'The backup runs, as every morning.',
      acts: [
        {
          act: 'sees',
          id: 'copy',
          from: 'client',
          to: 'attacker',
          takes: { refresh_token: 'refresh_token' },
          label: 'copies it',
        },
      ],
    },
    {
      id: 'renew',
      side: 'victim',
      title: 'Renew, as usual',
      says: 'The client gets a successor; the copy is now an old one.',
      meanwhile: 'Her copy has just been spent. She does not know.',
      acts: [renewal('renew', 'client', 'refresh_token')],
    },
    {
      id: 'steal',
      side: 'attacker',
      title: 'Use the copy',
      says: 'A public client’s name is no secret.',
      meanwhile: { off: 'You see nothing.', on: 'The server has seen one token twice. It ends the family.' },
      acts: [renewal('steal', 'attacker', 'refresh_token')],
    },
    {
      id: 'renew-again',
      side: 'victim',
      title: 'Renew again',
      says: 'With its own token, the newest one.',
      meanwhile: { off: 'Two lives from one consent, side by side.', on: 'The alarm costs you a sign-in.' },
      acts: [renewal('renew-again', 'client', 'refresh_token')],
    },
    {
      id: 'first',
      side: 'attacker',
      title: 'Now she is first',
      says: 'Another token of yours, and this time she renews before you do.',
      meanwhile: 'Your client has not renewed yet.',
      acts: [
        {
          act: 'sees',
          id: 'copy-other',
          from: 'client',
          to: 'attacker',
          takes: { other_refresh_token: 'other_refresh_token' },
          label: 'copies it',
        },
        renewal('steal-other', 'attacker', 'other_refresh_token'),
      ],
    },
    {
      id: 'alarm',
      side: 'victim',
      title: 'Who sounds the alarm?',
      says: 'The honest client comes second, with a token that was spent by somebody else.',
      meanwhile: { off: 'Nobody asks her anything.', on: 'Her tokens end in this moment, too.' },
      acts: [renewal('alarm', 'client', 'other_refresh_token')],
    },
  ],
  goal: {
    says: 'After the alarm nobody holds a living token.',
    all: [
      { is: 'answered', act: 'steal', reason: 'refresh-spent' },
      { is: 'answered', act: 'alarm', reason: 'refresh-spent' },
      { is: 'families', max: 0 },
    ],
  },
  damage: {
    says: 'Mallory renews for as long as she likes, and nobody finds out.',
    all: [
      { is: 'answered', act: 'steal', status: 200 },
      { is: 'held', by: 'attacker', value: 'access_token', user: 'you', active: true },
    ],
  },
  stop: { act: 'steal', check: 'refresh-unused', at: 'as' },
  eye: {
    title: 'Use the copy',
    waits: 'Opens when Mallory has asked the token endpoint.',
    off: 'The token was used before, and the server knows. It gives a successor all the same.',
    on:
      'The server cannot tell who of the two is the thief. It knows that there are two, and ends it for both: one ' +
      'of them can sign in again.',
  },
  seen: {
    off: 'Two lives from one consent, side by side. Nobody ever finds out.',
    on:
      'Whoever comes second sets off the alarm, and the family ends for both. You are asked again; Mallory has ' +
      'nobody to ask. She keeps what she read before that: this detects theft, it does not prevent it.',
  },
  home: {
    client:
      'Store the new token before anything else, renew one at a time, and treat `invalid_grant` as the end: forget ' +
      'the tokens and ask the user.',
    server: 'Rotate for public clients, notice reuse, end the family. Better still, bind refresh tokens to a key.',
    clauses: { client: ['mcp-sec-theft'], server: ['rfc9700-4.14.2', 'oauth21-4.3.1'] },
  },
  see: {
    experiments: ['authorization-code.refresh.reuse', 'authorization-code.refresh.at-once'],
    rules: ['refresh.new-token-replaces-old', 'refresh.single-flight'],
    scenarios: ['refresh-reuse-revokes-family', 'refresh-grace'],
    tracks: ['sender-constrained'],
  },
  specimen: [
    { from: 'client', to: 'attacker', beads: ['as'], sees: true },
    { from: 'client', to: 'as', beads: ['as'] },
    { from: 'attacker', to: 'as', beads: ['as'], stop: true },
  ],
};
