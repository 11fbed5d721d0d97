/** Scenarios: dpop. */
import { cited, rfc } from './clauses.ts';
import { prose } from '../prose.ts';
import { scenarioGroup } from './scenario.ts';

export const dpop = scenarioGroup('dpop', {
  dpop: {
    title: 'Tokens bound to a key',
    does: prose`
      Challenges with the DPoP scheme, advertises ES256 proofs, demands a proof at the token endpoint and with
      each call. No nonces.
    `,
    knobs: { 'dpop.mode': 'required', 'resource.challenge': 'dpop' },
    conformingClient: prose`
      Sends a proof with the token request, presents the token with the DPoP scheme, and makes a new proof for
      each request, with ath.
    `,
    commonMistakes: [
      'Presents the bound token as Bearer.',
      'Reuses a proof.',
      'Puts the query into htu, or the private key into jwk.',
    ],
    judgedBy: [
      'dpop.proof-in-token-request',
      'dpop.proof-form',
      'dpop.scheme',
      'dpop.proof-per-request',
      'dpop.ath',
      'dpop.key-of-token',
    ],
    spec: [
      rfc(9449, '5', 'DPoP Access Token Request'),
      rfc(9449, '7.1', 'The DPoP Authentication Scheme'),
      rfc(9449, '4.2', 'DPoP Proof JWT Syntax'),
      rfc(9449, '4.3', 'Checking DPoP Proofs'),
      cited.sep1932,
    ],
    level: 'MUST',
    versions: ['2026-07-28', 'oauth'],
    conformance: { name: 'auth/dpop', status: 'released' },
    hostingNote: prose`
      An optional extension. The suite lets a client without proofs finish, and judges it afterwards; here it is
      refused where it fails. Set dpop.mode to optional for the suite's way.
    `,
    feature: 'dpop',
  },
  'dpop-nonce': {
    title: 'Both servers demand a nonce',
    does: prose`
      As dpop; and a token request without the authorization server's nonce gets 400 use_dpop_nonce, a call
      without the MCP server's nonce gets 401 use_dpop_nonce, each with DPoP-Nonce.
    `,
    knobs: { 'dpop.mode': 'required', 'dpop.nonce': ['as', 'rs'], 'resource.challenge': 'dpop' },
    conformingClient: 'Repeats each request with a new proof that carries the nonce of that server.',
    commonMistakes: [
      'Treats use_dpop_nonce as a failed exchange and drops the code.',
      "Takes one server's nonce to the other.",
      'Repeats the same proof.',
    ],
    judgedBy: ['dpop.proof-in-token-request', 'dpop.as-nonce', 'dpop.rs-nonce'],
    spec: [
      rfc(9449, '8', 'Authorization Server-Provided Nonce'),
      rfc(9449, '9', 'Resource Server-Provided Nonce'),
      rfc(9449, '4.2', 'DPoP Proof JWT Syntax'),
      cited.sep1932,
    ],
    level: 'MUST',
    versions: ['2026-07-28', 'oauth'],
    conformance: { name: 'auth/dpop-nonce', status: 'released' },
    feature: 'dpop',
  },
  'dpop-nonce-rotates': {
    title: 'Nonces that change',
    does: prose`
      As dpop-nonce; every successful answer of the MCP server brings a new nonce, and the old one is good for one
      request more.
    `,
    knobs: { 'dpop.mode': 'required', 'dpop.nonce': ['as', 'rs'], 'dpop.nonceUses': 1, 'resource.challenge': 'dpop' },
    conformingClient: 'Takes the new nonce from each answer, successful ones too.',
    commonMistakes: ['Reads DPoP-Nonce in errors only, and pays a refused request for each nonce.'],
    judgedBy: ['dpop.proof-in-token-request', 'dpop.as-nonce', 'dpop.rs-nonce', 'dpop.nonce-followed'],
    spec: [rfc(9449, '8.2', 'Providing a New Nonce Value'), rfc(9449, '9', 'Resource Server-Provided Nonce')],
    level: 'MUST',
    versions: ['2026-07-28', 'oauth'],
    feature: 'dpop',
    drive: ['connect', 'list', { call: 'whoami' }, { call: 'echo' }, { call: 'whoami' }, { call: 'echo' }],
  },
});
