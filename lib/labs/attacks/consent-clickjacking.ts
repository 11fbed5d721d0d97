import type { Lab } from '../types.ts';
import { AUTHORIZATION, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

export const consentClickjacking: Lab = {
  id: 'consent-clickjacking',
  number: 9,
  title: 'The invisible button',
  minutes: 3,
  line: 'Click the star. Above it, fully transparent, lies Approve.',
  lede:
    'A page offers a game: click the star. Above the star, fully transparent, lies the consent page of a server ' +
    'where you are signed in, with Approve exactly over it. Your click is genuine. So is the approval.',
  aside:
    'The game and the frame are on this page; the client that gains the code is the sandbox’s own, and the sandbox ' +
    'goes with the lab.',
  attacker: 'The page with the game.',
  victim: 'You, playing.',
  defence: {
    title: 'A page that refuses to be framed',
    short: 'A page that refuses to be framed',
    by: ['as'],
    off: { knobs: { 'consent.framing': 'allow' }, does: 'The consent page may be shown inside another page.' },
    on: {
      knobs: { 'consent.framing': 'deny' },
      does: "It says `frame-ancestors 'none'`, and browsers leave the frame empty.",
    },
  },
  before: [{ act: 'approve', id: 'signed-in', who: 'you', decides: 'approve', query: AUTHORIZATION }],
  moments: [
    {
      id: 'frame',
      side: 'attacker',
      title: 'Frame the consent page',
      says: 'At opacity 0, above the star.',
      meanwhile: 'You see a star, and the words *click me*.',
      acts: [
        {
          act: 'approve',
          id: 'authorize',
          who: 'you',
          values: 'attacker',
          decides: 'nothing',
          query: AUTHORIZATION,
          shows: ['client_id'],
        },
        { act: 'page', id: 'frame', framed: true },
      ],
    },
    {
      id: 'click',
      side: 'victim',
      title: 'Click the star',
      says: 'Once.',
      passed: 'There is only a star under the pointer. The click does nothing.',
      meanwhile: { off: 'The click lands in her frame, on Approve.', on: 'Her frame is empty.' },
      acts: [{ act: 'press', id: 'click', decides: 'approve', framed: true }],
    },
    {
      id: 'look',
      side: 'attacker',
      title: 'Look at what came back',
      says: 'The redirect arrives inside the frame, for a client that she controls.',
      passed: 'Nothing came back.',
      meanwhile: { off: 'You have won nothing.', on: 'You play on.' },
      acts: [
        { act: 'sees', id: 'arrives', from: 'you', to: 'attacker', takes: { code: 'code' }, label: 'the code' },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'attacker',
          form: REDEMPTION,
          shows: ['code'],
          brings: ['access_token'],
        },
      ],
    },
  ],
  goal: {
    says: 'The consent page is not shown inside another page.',
    all: [
      { is: 'answered', act: 'frame', check: 'browser-frame' },
      { is: 'not', term: { is: 'answered', act: 'click' } },
    ],
  },
  damage: {
    says: 'Mallory’s client holds a token that you never meant to give.',
    all: [{ is: 'held', by: 'attacker', value: 'access_token', user: 'you', active: true }],
  },
  stop: { act: 'frame', check: 'browser-frame', at: 'you' },
  eye: {
    title: 'Frame the consent page',
    waits: 'Opens when the frame has been filled.',
    off: 'The server sees a genuine request with your cookie, and then a genuine click. It cannot see the star.',
    on: 'One header on the page, and the browser does the rest. No script has to break out of a frame.',
  },
  seen: {
    off: 'A code for Mallory’s client, approved by you.',
    on:
      'The browser leaves the frame empty. The header is all it takes; scripts that try to break out of frames are ' +
      'not needed.',
  },
  home: {
    client: 'Send the user to the server in a window of its own, with an address bar; never in a frame.',
    server:
      'Send `frame-ancestors` on every page that takes a decision. Checking `Origin` does not help here: the click ' +
      'comes from your own page.',
    clauses: { client: ['oauth21-7.10'], server: ['oauth21-7.10', 'rfc9700-4.16'] },
  },
  see: { experiments: ['authorization-code.authorization.deny'] },
  specimen: [
    { from: 'attacker', to: 'you', beads: ['client'] },
    { from: 'as', to: 'you', beads: [], stop: true },
    { from: 'you', to: 'as', beads: [], pale: true },
    { from: 'as', to: 'attacker', beads: ['as'], pale: true },
  ],
};
