import type { Approve, Lab } from '../types.ts';
import { AUTHORIZATION, LIST_NOTES, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

const { resource: _, ...WITHOUT_RESOURCE } = AUTHORIZATION;

/** Your approval, for one server or for none in particular. */
function approval(id: string, resource: Readonly<Record<string, string>>): Approve {
  return {
    act: 'approve',
    id,
    who: 'you',
    decides: 'approve',
    query: { ...WITHOUT_RESOURCE, ...resource },
    shows: 'resource' in resource ? ['resource'] : [],
  };
}

export const tokenReplay: Lab = {
  id: 'token-replay',
  number: 5,
  title: 'The token that travels',
  minutes: 4,
  line: 'A small MCP server takes your token to the notes server, which trusts the same issuer.',
  lede:
    'You connect to a small MCP server that somebody recommended. It gets a token from you in each request, as it ' +
    'must. It takes that token to your company’s notes server, which trusts the same issuer. The signature is good.',
  aside: 'Both servers are resources of one sandbox; both see tokens made for this lab.',
  attacker: 'The small server at `/oauth` of the sandbox, which keeps what it is sent.',
  attackerIs: 'Small server',
  victim: 'You, with a token for the small server.',
  defence: {
    title: 'Audience',
    short: 'Audience',
    by: ['mcp'],
    off: { knobs: { 'resource.audience': 'lax' }, does: 'The notes server takes every token of its issuer.' },
    on: {
      knobs: { 'resource.audience': 'strict' },
      does: 'The notes server takes tokens that name it, and no others.',
    },
  },
  notes: ['Salaries, draft of the new table', 'Door code of the east wing: 4711#'],
  before: [approval('authorize', { resource: '{other_mcp_url}' }), { act: 'callback', id: 'callback', of: 'victim' }],
  moments: [
    {
      id: 'token',
      side: 'victim',
      title: 'Get a token for the small server',
      says: 'With `resource`, as one should.',
      meanwhile: 'The small server waits for its first customer.',
      acts: [
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'client',
          form: { ...REDEMPTION, resource: '{other_mcp_url}' },
          shows: ['resource'],
          brings: ['access_token'],
        },
      ],
    },
    {
      id: 'use',
      side: 'victim',
      title: 'Call the small server',
      says: 'The token arrives there, in full.',
      meanwhile: 'It answers as it should, and keeps the token.',
      acts: [
        {
          act: 'send',
          id: 'use',
          from: 'client',
          to: 'attacker',
          method: 'POST',
          url: '{other_mcp_url}',
          tool: { name: 'echo', arguments: { text: 'hello' } },
          headers: { Authorization: 'Bearer {access_token}' },
        },
        {
          act: 'sees',
          id: 'keep',
          from: 'client',
          to: 'attacker',
          takes: { access_token: 'access_token' },
          label: 'keeps it',
        },
      ],
    },
    {
      id: 'rob',
      side: 'attacker',
      title: 'Use it at the other one',
      says: 'One line of code.',
      meanwhile: { off: 'You see nothing.', on: 'You see nothing, and nothing was read.' },
      outcome: { off: 'your notes' },
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
      id: 'wide',
      side: 'victim',
      title: 'And without `resource`?',
      says: 'A token that names no server, for the limit of this defence.',
      meanwhile: 'It will come here, too.',
      acts: [
        approval('authorize-wide', {}),
        { act: 'callback', id: 'callback-wide', of: 'victim' },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem-wide',
          from: 'client',
          form: REDEMPTION,
          brings: { wide_token: 'access_token' },
        },
      ],
    },
    {
      id: 'again',
      side: 'attacker',
      title: 'Use that one',
      says: 'It is good for both, so the first server that gets it can use it at the second.',
      meanwhile: 'What was not asked for cannot be compared.',
      outcome: 'your notes, in both positions',
      acts: [
        {
          act: 'sees',
          id: 'keep-wide',
          from: 'client',
          to: 'attacker',
          takes: { wide_token: 'wide_token' },
          label: 'keeps it',
        },
        {
          ...LIST_NOTES,
          id: 'rob-wide',
          from: 'attacker',
          headers: { Authorization: 'Bearer {wide_token}' },
        },
      ],
    },
  ],
  goal: {
    says: 'A token for one server is refused at the other.',
    all: [{ is: 'answered', act: 'rob', status: 401, reason: 'token-audience' }],
  },
  damage: {
    says: 'The small server has read your company’s notes.',
    all: [{ is: 'answered', act: 'rob', status: 200, has: 'east wing' }],
  },
  stop: { act: 'rob', check: 'token-audience', at: 'mcp' },
  eye: {
    title: 'Use it at the other one',
    waits: 'Opens when the small server has asked the notes server.',
    off: 'Signature, issuer and age are in order. Whom the token was made for stands in it, and nobody looks.',
    on: 'The token says whom it is for, and the notes server is somebody else.',
  },
  seen: {
    off: 'The small server reads your notes.',
    on:
      '401 `invalid_token`: the token is for the small server. The last two moments show the limit: a token that ' +
      'was asked for without `resource` is good for both.',
  },
  home: {
    client:
      'Send `resource` in both requests, always. It is what keeps a careless or malicious server from being you ' +
      'elsewhere.',
    server:
      'Refuse tokens that do not name you, however well they are signed. Never pass a token on; if you call ' +
      'further, get one of your own by token exchange.',
    clauses: {
      client: ['rfc8707-2', 'rfc9728-7.4'],
      server: ['mcp-auth-token-handling', 'mcp-sec-privilege', 'rfc9700-4.10.2'],
    },
  },
  see: {
    experiments: ['authorization-code.call.other-server', 'authorization-code.token.other-resource'],
    rules: ['authorize.resource', 'token.resource'],
    scenarios: ['token-wrong-audience'],
    tracks: ['token-exchange'],
  },
  specimen: [
    { from: 'client', to: 'attacker', beads: ['as'] },
    { from: 'attacker', to: 'mcp', beads: ['as'], stop: true },
  ],
};
