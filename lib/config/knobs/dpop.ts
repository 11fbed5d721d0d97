/** Proof of possession. */
import { z } from 'zod';
import { knob } from '../knob.ts';
import { prose } from '../prose.ts';

export const dpopKnobs = {
  'dpop.mode': knob({
    title: 'DPoP',
    does: prose`off: ignores proofs. optional: binds the token if a proof comes along. required: refuses token requests
      without a proof and accepts only bound tokens.`,
    group: 'DPoP',
    actsAt: ['as-metadata', 'token', 'resource'],
    schema: z.enum(['off', 'optional', 'required']),
    default: 'optional',
  }),
  'dpop.nonce': knob({
    title: 'Who demands a nonce',
    does: 'Which of the two servers, authorization server and resource server, demand a nonce of their own in proofs.',
    group: 'DPoP',
    actsAt: ['token', 'resource'],
    schema: z.array(z.enum(['as', 'rs'])).max(2),
    default: [],
  }),
  'dpop.nonceUses': knob({
    title: 'Uses of a nonce',
    does: prose`After how many uses a successful answer brings a new nonce; the old one is refused after one more use.
      null: a nonce is not replaced.`,
    group: 'DPoP',
    actsAt: ['token', 'resource'],
    schema: z.number().int().min(1).nullable(),
    default: null,
  }),
};
