import { proofKind } from '../../tokens.ts';
import type { Seen } from '../predicate.ts';

/** The DPoP proof of the request: `none`, `plain`, or `nonce` if it holds a nonce. */
export const proof: Seen = {
  seen: 'proof',
  holds: (wanted, entry) => proofKind(entry.exchange) === wanted,
};
