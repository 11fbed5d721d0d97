import type { Lab } from '../types.ts';
import { AUTHORIZATION, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

const list = { method: 'POST', url: '{mcp_url}', tool: { name: 'notes_list' } } as const;

export const stolenBearer: Lab = {
  id: 'stolen-bearer',
  number: 7,
  title: 'Finders keepers',
  minutes: 4,
  line: 'An access token in a support log. For forty more minutes, whoever reads the log is you.',
  lede:
    'An access token shows up in a support log. It is good for forty more minutes. Whoever reads the log can be you ' +
    'for that long, because a bearer token asks only one thing of its bearer: to have it.',
  aside: 'Token, keys and log belong to the sandbox of this lab.',
  attacker: 'A reader of logs, with the token and with every proof that was ever sent.',
  victim: 'A client that can make a key pair.',
  defence: {
    title: 'Bind the token to a key',
    short: 'Token bound to a key (DPoP)',
    by: ['client', 'mcp'],
    leavesOut: ['DPoP'],
    off: { knobs: { 'dpop.mode': 'off' }, does: 'The client signs nothing, and the server asks for no proof.' },
    on: {
      knobs: { 'dpop.mode': 'required' },
      does: 'The client signs each request, and the server binds its tokens to the key.',
    },
  },
  notes: ['Ticket 311: they still owe us the refund', 'New number of the clinic: 555 0142'],
  before: [
    {
      act: 'approve',
      id: 'authorize',
      who: 'you',
      decides: 'approve',
      query: AUTHORIZATION,
    },
    { act: 'callback', id: 'callback', of: 'victim' },
  ],
  moments: [
    {
      id: 'token',
      side: 'victim',
      title: 'Get a token',
      says: 'With the defence on, the request carries a proof, and the token a thumbprint of the key.',
      meanwhile: 'The log fills, line by line.',
      acts: [
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'client',
          headers: { DPoP: '{dpop_proof}' },
          form: REDEMPTION,
          shows: ['DPoP'],
          brings: { access_token: 'access_token', scheme: 'token_type' },
        },
      ],
    },
    {
      id: 'call',
      side: 'victim',
      title: 'Call the tool',
      says: 'The client reads your notes, as you wanted.',
      meanwhile: 'Somebody has turned on a log of all headers.',
      acts: [
        {
          act: 'send',
          id: 'call',
          from: 'client',
          to: 'mcp',
          ...list,
          headers: { Authorization: '{scheme} {access_token}', DPoP: '{dpop_proof}' },
          shows: ['Authorization'],
        },
      ],
    },
    {
      id: 'log',
      side: 'attacker',
      title: 'Read the log',
      says: 'Everything that was sent stands in it.',
      meanwhile: 'You see nothing.',
      acts: [
        {
          act: 'sees',
          id: 'log',
          from: 'client',
          to: 'attacker',
          takes: { access_token: 'access_token' },
          label: 'reads the log',
        },
        {
          act: 'sees',
          id: 'log-proof',
          from: 'client',
          to: 'attacker',
          takes: { seen_dpop_proof: 'dpop_proof' },
          label: 'and the proof',
          only: 'on',
        },
      ],
    },
    {
      id: 'bearer',
      side: 'attacker',
      title: 'Use the token as a bearer token',
      says: 'As found.',
      meanwhile: { off: 'You see nothing.', on: 'You see nothing, and nothing was read.' },
      outcome: { off: 'your notes' },
      acts: [
        {
          act: 'send',
          id: 'bearer',
          from: 'attacker',
          to: 'mcp',
          ...list,
          headers: { Authorization: 'Bearer {access_token}' },
          shows: ['Authorization'],
          brings: { notes: '*' },
        },
      ],
    },
    {
      id: 'replay',
      side: 'attacker',
      title: 'Use it with the proof from the log',
      says: 'Both were there.',
      meanwhile: 'Each proof is good for one request, and this one has been.',
      only: 'on',
      acts: [
        {
          act: 'send',
          id: 'replay',
          from: 'attacker',
          to: 'mcp',
          ...list,
          headers: { Authorization: 'DPoP {access_token}', DPoP: '{seen_dpop_proof}' },
          shows: ['DPoP'],
          brings: { notes: '*' },
        },
      ],
    },
    {
      id: 'own-key',
      side: 'attacker',
      title: 'Use it with a proof of her own key',
      says: 'A perfectly good proof, of the wrong key.',
      meanwhile: 'The private part of your client’s key has never left it.',
      only: 'on',
      acts: [
        {
          act: 'send',
          id: 'own-key',
          from: 'attacker',
          to: 'mcp',
          ...list,
          headers: { Authorization: 'DPoP {access_token}', DPoP: '{dpop_proof}' },
          shows: ['DPoP'],
          brings: { notes: '*' },
        },
      ],
    },
  ],
  goal: {
    says: 'Only the holder of the key gets an answer.',
    all: [
      { is: 'answered', act: 'call', status: 200 },
      { is: 'answered', act: ['bearer', 'replay', 'own-key'], status: 401, min: 3 },
    ],
  },
  damage: {
    says: 'The thief has read your notes.',
    all: [{ is: 'answered', act: 'bearer', status: 200, has: 'clinic' }],
  },
  stop: { act: 'bearer', check: 'token-binding', at: 'mcp' },
  eye: {
    title: 'Use the token as a bearer token',
    waits: 'Opens when Mallory has asked the notes server.',
    missing: { name: 'DPoP', says: 'signed by a key that never left the client' },
    off: 'A bearer token asks one thing of its bearer: to have it. She has it.',
    on: 'The token carries the thumbprint of a key. Whoever shows it must sign the request with that key.',
  },
  seen: {
    off: 'The thief reads your notes.',
    on: 'Three refusals: no proof, a proof seen before, a proof of another key. The client itself notices nothing.',
  },
  home: {
    client:
      'If the server offers it, make a key that cannot be exported and sign each request. Keep the proof out of ' +
      'logs anyway.',
    server:
      'Refuse a bound token under the Bearer scheme, check `htm`, `htu`, `iat`, `jti` and `ath`, and remember each ' +
      '`jti` for as long as you take proofs.',
    clauses: {
      client: ['rfc9449-7.1', 'rfc9700-4.10.1'],
      server: ['rfc9449-7.2', 'rfc9449-4.3', 'rfc9449-11.1'],
    },
  },
  see: {
    rules: ['dpop.scheme', 'dpop.proof-per-request', 'dpop.ath'],
    scenarios: ['dpop', 'dpop-nonce'],
    tracks: ['sender-constrained'],
  },
  specimen: [
    { from: 'client', to: 'mcp', beads: ['as', 'client'] },
    { from: 'client', to: 'attacker', beads: ['as'], sees: true },
    { from: 'attacker', to: 'mcp', beads: ['as'], stop: true },
  ],
};
