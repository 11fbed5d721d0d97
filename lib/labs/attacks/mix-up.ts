import type { Lab } from '../types.ts';
import { AUTHORIZATION, LIST_NOTES, REDEMPTION } from './usual.ts';

export const mixUp: Lab = {
  id: 'mix-up',
  number: 3,
  title: 'Two servers, one callback',
  minutes: 6,
  line: 'Her metadata sends you to the honest server. Your client brings the honest code to hers.',
  lede:
    'Your client knows two authorization servers, one of them Mallory’s. You choose hers; her metadata says that ' +
    'its authorization endpoint is at the honest one. You approve an honest request, and the honest code comes back.',
  aside:
    'Both servers are issuers of one sandbox. The address of the honest one is Mallory’s with `/as2` at the end. No ' +
    'other server is asked for anything.',
  attacker: 'Mallory, who runs an authorization server that your client knows.',
  attackerIs: 'Her server',
  victim: 'A client whose name is a metadata document, so that it is the same everywhere.',
  defence: {
    title: '`iss` in the answer, compared',
    short: '`iss` in the answer, compared',
    by: ['as', 'client'],
    off: {
      knobs: { 'authorize.iss': 'omit' },
      client: { iss: 'ignore' },
      does: 'The servers do not say who answers, and the client does not ask.',
    },
    on: {
      knobs: { 'authorize.iss': 'correct' },
      client: { iss: 'compare' },
      does: 'Each server says its name in the answer, and the client compares it.',
    },
  },
  setup: {
    issuers: ['as2'],
    'prm.authorizationServers': ['own', 'as2'],
    patch: { 'as-metadata': { authorization_endpoint: '{base}/as2/oauth/authorize' } },
  },
  moments: [
    {
      id: 'metadata',
      side: 'victim',
      title: 'Read her metadata',
      says: 'The issuer checks. One endpoint lies elsewhere, and nothing forbids that.',
      meanwhile: 'Her document names the honest server’s authorization endpoint, and her own token endpoint.',
      acts: [
        {
          act: 'send',
          id: 'metadata',
          from: 'client',
          to: 'attacker',
          method: 'GET',
          url: '{as_metadata_url}',
          brings: { her_authorization_endpoint: 'authorization_endpoint' },
        },
      ],
    },
    {
      id: 'approve',
      side: 'victim',
      title: 'Approve at the honest server',
      says: 'The page is genuine, and so is your approval.',
      meanwhile: 'She has nothing to do here.',
      acts: [
        {
          act: 'approve',
          id: 'authorize',
          who: 'you',
          decides: 'approve',
          url: '{her_authorization_endpoint}',
          query: { ...AUTHORIZATION, client_id: '{client_metadata_url}' },
          shows: ['code_challenge'],
        },
      ],
    },
    {
      id: 'compare',
      side: 'victim',
      title: 'Take the answer',
      says: 'It began with Mallory’s server. Who answered?',
      meanwhile: 'She waits for your client at her token endpoint.',
      acts: [{ act: 'callback', id: 'callback', of: 'victim' }],
    },
    {
      id: 'redeem',
      side: 'victim',
      title: 'Redeem at the server it remembers',
      says: 'Code and verifier go together, to the issuer that was chosen.',
      passed: 'The client has thrown the answer away, so nothing is sent.',
      meanwhile: { off: 'Both arrive at her server. It answers with an error, and keeps them.', on: 'Nobody comes.' },
      acts: [
        {
          act: 'send',
          id: 'redeem',
          from: 'client',
          to: 'attacker',
          method: 'POST',
          url: '{token_endpoint}',
          form: { ...REDEMPTION, client_id: '{client_metadata_url}' },
          shows: ['code', 'code_verifier'],
          brings: ['access_token'],
        },
        {
          act: 'sees',
          id: 'both',
          from: 'client',
          to: 'attacker',
          takes: { code: 'code', code_verifier: 'code_verifier' },
          label: 'keeps both',
        },
      ],
    },
    {
      id: 'steal',
      side: 'attacker',
      title: 'Redeem at the honest server',
      says: 'She has everything that the client had.',
      passed: 'She has no code, so this is never sent.',
      meanwhile: {
        off: 'Your client reports an error of the server.',
        on: 'Your client says that something is wrong.',
      },
      acts: [
        {
          act: 'send',
          id: 'steal',
          from: 'attacker',
          to: 'as',
          method: 'POST',
          url: '{base}/as2/oauth/token',
          form: { ...REDEMPTION, client_id: '{client_metadata_url}' },
          shows: ['code', 'code_verifier'],
          brings: ['access_token'],
        },
      ],
    },
    {
      id: 'call',
      side: 'attacker',
      title: 'Be you',
      says: 'The notes server asks who is there.',
      passed: 'She has no token, so this is never sent.',
      meanwhile: { off: 'You see nothing.', on: 'The code dies unused after a minute.' },
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
    says: 'No code reaches an issuer that did not make it.',
    all: [{ is: 'not', term: { is: 'answered', act: 'redeem' } }],
  },
  damage: {
    says: 'Mallory holds an honest token for your account.',
    all: [
      { is: 'answered', act: 'steal', status: 200 },
      { is: 'answered', act: 'call', status: 200 },
    ],
  },
  stop: { act: 'callback', check: 'client-iss', at: 'client' },
  eye: {
    title: 'Take the answer',
    waits: 'Opens when the answer has come back.',
    off:
      'Nothing in the address says which server made it. The client goes by its memory, and its memory says ' +
      'Mallory. PKCE does not help: the client hands the verifier over itself.',
    on:
      'The answer names the honest server, which ends in `/as2`, and the client began with Mallory’s. Two strings, ' +
      'compared before the code goes anywhere.',
  },
  seen: {
    off: 'Mallory holds an honest token for your account. The client handed her the code and the verifier itself.',
    on: 'The client sees another issuer than it expects, and throws the answer away.',
  },
  home: {
    client:
      'Record the issuer before you redirect, and compare it with `iss` as a string before the code goes anywhere, ' +
      'errors included. If the server advertised `iss` and sends none, refuse.',
    server:
      'Send `iss` in every authorization response and advertise it. Without it a client needs a redirect URI of its ' +
      'own for each issuer.',
    clauses: {
      client: ['rfc9207-2.4', 'mcp-auth-response', 'oauth21-7.14.1'],
      server: ['rfc9700-4.4.2.1', 'mcp-bp-mixup'],
    },
  },
  see: {
    rules: ['authorize.iss-validated', 'authorize.iss-required-when-advertised'],
    scenarios: ['iss-wrong-issuer', 'iss-supported-missing', 'iss-normalized'],
  },
  specimen: [
    { from: 'client', to: 'attacker', beads: [] },
    { from: 'you', to: 'as', beads: ['client'] },
    { from: 'as', to: 'you', beads: ['as'] },
    { from: 'you', to: 'client', beads: ['as'], stop: true },
    { from: 'client', to: 'attacker', beads: ['as', 'client'], pale: true },
    { from: 'attacker', to: 'as', beads: ['as', 'client'], pale: true },
  ],
};
