import type { Requirement } from './types.ts';

/** Tokens that are bound to a key (DPoP). */
export const bindings = {
  'dpop.proof-verified': {
    says: 'A proof is of this method, address, moment and key, typed dpop+jwt, and asymmetric.',
    level: 'MUST',
    clause: 'rfc9449-4.3',
    at: 'lib/oauth/keys/dpop-proof.ts',
  },
  'dpop.metadata': {
    says: 'The metadata names the algorithms of proofs, asymmetric ones only.',
    level: 'MUST',
    clause: 'rfc9449-5.1',
    at: 'lib/oauth/metadata.ts',
  },
  'dpop.replay': {
    says: 'A proof is taken once.',
    level: 'SHOULD',
    clause: 'rfc9449-11.1',
    at: 'lib/oauth/keys/dpop-proof.ts',
  },
  'dpop.token-bound': {
    says: 'A token request with a proof gives a token bound to its key, with token_type DPoP.',
    level: 'MUST',
    clause: 'rfc9449-5',
    also: ['rfc9449-6.1'],
    at: 'lib/oauth/endpoints/token.ts',
  },
  'dpop.ath': {
    says: 'At a resource the proof carries the hash of the token.',
    level: 'MUST',
    clause: 'rfc9449-7.1',
    also: ['rfc9449-4.2'],
    at: 'lib/oauth/checks/dpop-target.ts',
  },
  'dpop.no-downgrade': {
    says: 'A bound token is refused where it is shown as a bearer token.',
    level: 'MUST',
    clause: 'rfc9449-7.2',
    at: 'lib/oauth/checks/token-binding.ts',
  },
  'dpop.refresh-bound': {
    says: 'The refresh token of a public client is bound to the key of its proof.',
    level: 'MUST',
    clause: 'rfc9449-5',
    at: 'lib/oauth/checks/dpop-key.ts',
  },
  'dpop.code-bound': {
    says: 'A code that was asked for with dpop_jkt is redeemed with that key.',
    level: 'MUST',
    clause: 'rfc9449-5',
    at: 'lib/oauth/checks/dpop-key.ts',
  },
  'dpop.nonce': {
    says: 'Where a nonce is demanded, its absence is use_dpop_nonce, with the nonce in DPoP-Nonce.',
    level: 'MUST',
    clause: 'rfc9449-8',
    also: ['rfc9449-9'],
    at: 'lib/oauth/checks/dpop-nonce.ts',
  },
  'dpop.required': {
    says: 'Where proofs are demanded, by the sandbox or by the registration, no token is given without one.',
    level: 'MUST',
    clause: 'rfc9449-5',
    at: 'lib/oauth/checks/dpop-present.ts',
  },
  'dpop.exchange-keeps': {
    says: 'A bound token is exchanged only by the holder of its key.',
    level: 'OWN',
    clause: 'rfc9449-7.2',
    at: 'lib/oauth/grants/token-exchange.ts',
  },
} as const satisfies Record<string, Requirement>;
