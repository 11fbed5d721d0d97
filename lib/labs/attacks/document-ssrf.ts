import { CLIENT_DOCUMENT_KIB } from '#lib/spec/limits.ts';
import type { Lab, Moment } from '../types.ts';
import { AUTHORIZATION } from './usual.ts';

const ACTS = ['inner', 'cloud', 'detour', 'rebind'] as const;

/** A `client_id` that the server is to fetch. */
function name(
  id: (typeof ACTS)[number],
  clientId: string,
  words: Pick<Moment, 'title' | 'says' | 'meanwhile'>,
): Moment {
  return {
    id,
    side: 'attacker',
    ...words,
    acts: [
      {
        act: 'send',
        id,
        from: 'attacker',
        to: 'as',
        method: 'GET',
        url: '{authorization_endpoint}',
        query: { ...AUTHORIZATION, client_id: clientId },
        headers: { Accept: 'text/html' },
        shows: ['client_id'],
      },
    ],
  };
}

export const documentSsrf: Lab = {
  id: 'document-ssrf',
  number: 10,
  title: 'A name that points inwards',
  minutes: 4,
  line: 'The server fetches the address that a client names. She names one of its own network.',
  lede:
    'The authorization server fetches the address that a client gives as its name. Mallory gives an inner address, ' +
    'then a public one that leads there. What the server can reach and she cannot, she now can.',
  aside:
    'The inner network does not exist: off is acted out. The hosts end in `.example`, the addresses are answered by ' +
    'the sandbox itself, and no packet leaves for them in either position.',
  attacker: 'Anyone who can open a URL.',
  victim: 'The authorization server, and whatever stands behind it.',
  defence: {
    title: 'Fetch like a stranger',
    short: 'Fetch like a stranger',
    by: ['as'],
    off: { knobs: { 'cimd.guard': 'none-simulated' }, does: 'The server fetches every address that it is given.' },
    on: {
      knobs: { 'cimd.guard': 'strict' },
      does:
        'The server resolves, checks, and connects to what it checked. No redirects, ' +
        `${CLIENT_DOCUMENT_KIB} KiB at most.`,
    },
  },
  moments: [
    name('inner', 'https://10.0.0.5/admin', {
      title: 'An inner address',
      says: 'A name like any other, for a server that does not look.',
      meanwhile: 'You have no part in this. The server does.',
    }),
    name('cloud', 'https://169.254.169.254/latest/meta-data', {
      title: 'The cloud’s own metadata',
      says: 'At this address, machines find their own credentials.',
      meanwhile: { off: 'The error page quotes what was found.', on: 'The same short page.' },
    }),
    name('detour', 'https://detour.example/client.json', {
      title: 'A detour',
      says: 'A public document that redirects inwards.',
      meanwhile: { off: 'The server follows.', on: 'The same short page: redirects are not followed.' },
    }),
    name('rebind', 'https://rebind.example/client.json', {
      title: 'Two answers',
      says: 'A name that resolves to a public address when checked, and to an inner one when fetched.',
      meanwhile: { off: 'The second answer counts.', on: 'The checked address is the one that is connected to.' },
    }),
    {
      id: 'read',
      side: 'attacker',
      title: 'Read the errors',
      says: 'Do they differ? What do they quote?',
      meanwhile: { off: 'Four pages of a network that she cannot reach.', on: 'Four times the same sentence.' },
      acts: [{ act: 'sees', id: 'read', from: 'as', to: 'attacker', takes: {}, label: 'compares them' }],
    },
  ],
  goal: {
    says: 'The server fetches nothing inside.',
    all: [{ is: 'answered', act: [...ACTS], status: 400, reason: 'document-address', min: 4 }],
  },
  damage: {
    says: 'Mallory has read pages of the inner network.',
    all: [{ is: 'answered', act: [...ACTS], has: 'INVENTED', min: 3 }],
  },
  stop: { act: 'cloud', check: 'document-outside', at: 'as' },
  eye: {
    title: 'The cloud’s own metadata',
    waits: 'Opens when Mallory has asked for the second address.',
    off: 'The server went there, and the error says what it found. An error page is an answer, too.',
    on: 'The address is looked at once it is resolved, before anything connects. All four get the same sentence.',
  },
  seen: {
    off: 'Four invented inner pages, quoted in error messages.',
    on:
      'The same short error page for all four, and no fetch in the server’s record: special-use addresses are ' +
      'refused after resolving, redirects are not followed, the checked address is the one that is connected to.',
  },
  home: {
    client:
      'A client fetches, too: the addresses in a 401 and in metadata come from strangers. Fetch them under the same ' +
      'rules.',
    server:
      'Resolve, check, connect to what you checked; no redirects; a size, a time, one error for all of it. An ' +
      'egress proxy does this better than code.',
    clauses: { client: ['mcp-bp-ssrf'], server: ['cimd-6.5', 'cimd-6.6', 'mcp-sec-cimd'] },
  },
  see: {
    rules: ['registration.cimd-url-valid'],
    scenarios: ['cimd-unreachable'],
    tracks: ['metadata-document'],
  },
  specimen: [
    { from: 'attacker', to: 'as', beads: ['attacker'] },
    { from: 'as', to: 'inside', beads: ['attacker'], stop: true },
  ],
};
