import type { Lab } from '../types.ts';
import { AUTHORIZATION, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

export const documentImpersonation: Lab = {
  id: 'document-impersonation',
  number: 8,
  title: 'A famous name on localhost',
  minutes: 4,
  line: 'Her program uses the editor’s own metadata document, and listens on a port of her own.',
  lede:
    'A well-known editor publishes its metadata document. Like every desktop program, it is answered on localhost. ' +
    'Mallory’s program uses the same document as its `client_id` and listens on a port of its own.',
  aside:
    'The editor is invented, so is its document, and nothing listens on the port: the lab reads the `Location` ' +
    'header. There is no complete defence for programs without a secret. What there is, is you.',
  attacker: 'A program on your own machine, with a borrowed name.',
  victim: 'You, reading a consent page.',
  defence: {
    title: 'A page that says where the answer goes',
    short: 'A consent page that says where the answer goes',
    by: ['as', 'you'],
    off: { knobs: { 'consent.redirectNotice': 'hidden' }, does: 'The page shows a name and a button.' },
    on: {
      knobs: { 'consent.redirectNotice': 'shown' },
      does: 'The page also shows where the answer goes, and warns of localhost.',
    },
  },
  setup: {
    'cimd.fetch': 'assume',
    'cimd.patch': { client_name: 'Quill', redirect_uris: ['http://127.0.0.1/callback'] },
  },
  moments: [
    {
      id: 'borrow',
      side: 'attacker',
      title: 'Borrow the name',
      says: 'Nothing in the request is false except who sends it.',
      meanwhile: 'A browser window opens by itself.',
      acts: [
        {
          act: 'approve',
          id: 'authorize',
          who: 'you',
          values: 'attacker',
          decides: 'nothing',
          query: {
            ...AUTHORIZATION,
            client_id: 'https://quill.example/client.json',
            redirect_uri: 'http://127.0.0.1:47111/callback',
          },
          shows: ['client_id', 'redirect_uri'],
        },
      ],
    },
    {
      id: 'page',
      side: 'victim',
      title: 'Read the consent page',
      says: 'The name and its host are genuine. Which line is not about the editor?',
      meanwhile: 'Her program listens on port 47111.',
      outcome: {
        off: 'Quill, from quill.example',
        on: 'Quill, from quill.example; the answer goes to 127.0.0.1:47111',
      },
      acts: [{ act: 'page', id: 'page' }],
    },
    {
      id: 'press',
      side: 'victim',
      title: 'Decide: a name that you know',
      says: 'You use this editor every day. Almost everyone presses Approve.',
      meanwhile: 'The answer comes to her port.',
      only: 'off',
      acts: [
        { act: 'press', id: 'approve', decides: 'approve' },
        { act: 'sees', id: 'arrives', from: 'you', to: 'attacker', takes: { code: 'code' }, label: 'the code' },
      ],
    },
    {
      id: 'deny',
      side: 'victim',
      title: 'Decide: did you start it just now?',
      says: 'The answer goes to a program on this computer, and you did not start the editor.',
      meanwhile: '`access_denied` comes to her port.',
      only: 'on',
      acts: [{ act: 'press', id: 'deny', decides: 'deny' }],
    },
    {
      id: 'redeem',
      side: 'attacker',
      title: 'Redeem the code',
      says: 'PKCE is Mallory’s own, so it fits.',
      passed: 'There is no code to redeem.',
      meanwhile: { off: 'The window says that you may close it.', on: 'You close the window.' },
      acts: [
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'attacker',
          form: {
            ...REDEMPTION,
            redirect_uri: 'http://127.0.0.1:47111/callback',
            client_id: 'https://quill.example/client.json',
          },
          shows: ['client_id', 'code'],
          brings: ['access_token'],
        },
      ],
    },
  ],
  goal: {
    says: 'You deny a request that you did not start.',
    all: [
      { is: 'answered', act: 'deny', reason: 'consent-denied' },
      { is: 'not', term: { is: 'held', by: 'attacker', value: 'access_token' } },
    ],
  },
  damage: {
    says: 'Mallory’s program holds a token for your account.',
    all: [{ is: 'held', by: 'attacker', value: 'access_token', user: 'you', active: true }],
  },
  stop: { act: 'deny', check: 'consent-given', at: 'as' },
  eye: {
    title: 'Decide',
    waits: 'Opens when you have decided.',
    off: 'Every check passes, and rightly so. The one fact that is not about the editor was not shown to you.',
    on:
      'The server cannot know who listens on a port of your computer. It can tell you where the answer goes, so ' +
      'that you can say no. The attack is not impossible now; it is visible.',
  },
  seen: {
    off: 'A familiar name and one button. Almost everyone presses it.',
    on:
      'The page shows the redirect host in large type, says that it is a program on this computer and not the ' +
      'editor’s site, and asks whether you started it yourself.',
  },
  home: {
    client:
      'A document with `private_key_jwt` and a key in a backend is worth more than a name. Use an https callback if ' +
      'you can.',
    server:
      'Show the host of the redirect URI, always, and warn if it is loopback only. Do not skip consent because the ' +
      'client is known: on localhost it is not.',
    clauses: { client: ['rfc8252-8.6', 'cimd-6.1'], server: ['mcp-bp-localhost', 'mcp-sec-cimd'] },
  },
  see: {
    rules: ['registration.cimd-redirect-listed'],
    scenarios: ['basic-cimd'],
    tracks: ['metadata-document'],
  },
  specimen: [
    { from: 'attacker', to: 'you', beads: ['client'] },
    { from: 'you', to: 'as', beads: ['client'] },
    { from: 'as', to: 'you', beads: ['as'] },
    { from: 'you', to: 'as', beads: [], stop: true },
    { from: 'as', to: 'attacker', beads: ['as'], pale: true },
  ],
};
