import type { Forge, Lab, Moment, Send } from '../types.ts';
import { AUTHORIZATION, REDEMPTION, TO_TOKEN_ENDPOINT } from './usual.ts';

type Way = 'unsigned' | 'public-key' | 'chosen-key';

/** She writes a token, and shows it. */
function attempt(
  id: Way,
  forged: Pick<Forge, 'how' | 'header'>,
  words: Pick<Moment, 'title' | 'says' | 'meanwhile'>,
): Moment {
  const write: Forge = { act: 'forge', id: `${id}-forge`, as: 'forged_token', claims: { sub: 'you' }, ...forged };
  const show: Send = {
    act: 'send',
    id,
    from: 'attacker',
    to: 'mcp',
    method: 'POST',
    url: '{mcp_url}',
    tool: { name: 'notes_list' },
    headers: { Authorization: 'Bearer {forged_token}' },
    shows: ['Authorization'],
    brings: { notes: '*' },
  };
  return { id, side: 'attacker', ...words, outcome: { off: 'your notes' }, acts: [write, show] };
}

const ways: readonly Way[] = ['unsigned', 'public-key', 'chosen-key'];

export const jwtForgery: Lab = {
  id: 'jwt-forgery',
  number: 12,
  title: 'The token she writes herself',
  minutes: 4,
  line: 'A notes server lets each token say how it is to be checked. So she writes one for your account.',
  lede:
    'Mallory has an account and a token of her own. She copies its claims, puts your name into `sub`, and picks the ' +
    'algorithm and the key herself. A server that does as the header says finds that the signature fits.',
  aside: 'The tokens are written in your browser, by Web Crypto. Only the notes server of this sandbox is shown them.',
  attacker: 'Mallory, a user like any other. She knows your `sub`, and the public keys.',
  victim: 'You. You do nothing at all.',
  defence: {
    title: 'Verify by the issuer’s key',
    short: 'Key and algorithm of the issuer',
    by: ['mcp'],
    off: {
      knobs: { 'resource.jwtChecks': 'naive' },
      does: 'The notes server takes the algorithm and the key that the token names.',
    },
    on: {
      knobs: { 'resource.jwtChecks': 'strict' },
      does: 'The notes server takes a key of the issuer, with the algorithm of that key.',
    },
  },
  notes: ['Alarm of the studio: 2209, then the star', 'Passport is in the blue folder'],
  moments: [
    {
      id: 'prepare',
      side: 'attacker',
      title: 'Get a token of her own',
      says: 'She signs in as herself, and fetches the keys, which are public.',
      meanwhile: 'You see nothing.',
      acts: [
        {
          act: 'approve',
          id: 'hers',
          who: 'attacker',
          decides: 'approve',
          query: AUTHORIZATION,
        },
        {
          ...TO_TOKEN_ENDPOINT,
          id: 'redeem',
          from: 'attacker',
          form: { ...REDEMPTION, code: '{own_code}' },
          brings: ['access_token'],
        },
        {
          act: 'send',
          id: 'keys',
          from: 'attacker',
          to: 'as',
          method: 'GET',
          url: '{jwks_uri}',
          brings: { keys: '*' },
        },
      ],
    },
    attempt(
      'unsigned',
      { how: 'none' },
      {
        title: 'Leave the signature out',
        says: '`alg` is `none`, and nothing comes after the last dot.',
        meanwhile: { off: 'You see nothing.', on: 'You see nothing, and nothing was read.' },
      },
    ),
    attempt(
      'public-key',
      { how: 'hmac-with-public-key' },
      {
        title: 'Sign with the public key',
        says: '`alg` is `HS256`. The shared secret is the text of the public key.',
        meanwhile: {
          off: 'The server has that text, and computes the same.',
          on: 'The key is for `ES256`, whatever the token says.',
        },
      },
    ),
    attempt(
      'chosen-key',
      { how: 'own-key', header: { kid: '../../../dev/null' } },
      {
        title: 'Choose the key',
        says: '`kid` is the path of an empty file. The secret is empty, too.',
        meanwhile: { off: 'The server reads the file that it is told to.', on: 'The issuer has no key of that name.' },
      },
    ),
  ],
  goal: {
    says: 'Each of the three tokens is refused.',
    all: [{ is: 'answered', act: ways, status: 401, reason: 'token-signature', check: 'token-signature', min: 3 }],
  },
  damage: {
    says: 'Mallory has read your notes, with a token that nobody issued.',
    all: [{ is: 'answered', act: ways, status: 200, has: 'blue folder', min: 3 }],
  },
  stop: { act: 'unsigned', check: 'token-signature', at: 'mcp' },
  eye: {
    title: 'Leave the signature out',
    waits: 'Opens when Mallory has shown the unsigned token.',
    off: 'The token says how it is to be checked. Whoever writes it decides whether it passes.',
    on: 'What the header says picks one of the issuer’s keys, or none. It never picks how to check.',
  },
  seen: {
    off: 'Three tokens that nobody issued, and each of them opens your notes.',
    on: 'Three times 401 `invalid_token`, by the same check: no key of the issuer fits.',
  },
  home: {
    client: 'Nothing here is in the client’s hands. Keep a token as it came, and do not write or change one.',
    server:
      'Fix the algorithms that you take, and take the key from the issuer’s key set. Never use `kid` as a path or a ' +
      'query, refuse `none`, and never put a public key in the place of a shared secret.',
    clauses: {
      client: ['oauth21-5.2'],
      server: ['rfc8725-3.1', 'rfc8725-3.10', 'rfc9068-4', 'mcp-auth-token-handling'],
    },
  },
  see: { rules: ['resource.token-of-this-issuer'], tracks: ['own-server'] },
  specimen: [
    { from: 'as', to: 'attacker', beads: ['as'] },
    { from: 'attacker', to: 'mcp', beads: ['attacker'], stop: true },
    { from: 'mcp', to: 'attacker', beads: ['mcp'], pale: true },
  ],
};
