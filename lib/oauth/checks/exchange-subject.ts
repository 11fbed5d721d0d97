import { OAuthError } from '../errors.ts';
import type { Check } from './types.ts';

export interface ExchangeSubject {
  /** The knob `exchange.policy`. */
  readonly policy: 'strict' | 'open';
  readonly clientId: string;
  /** The client that the subject token was issued to. */
  readonly issuedTo: string;
  readonly audience: readonly string[];
}

/**
 * Only a client that the subject token was issued to, or that it is for, may exchange it. Else any client that got
 * hold of a token could have it turned into one for somebody else.
 * @see https://datatracker.ietf.org/doc/html/rfc8693#section-2.1
 */
export const exchangeSubject: Check<ExchangeSubject> = {
  name: 'exchange-subject',
  says: ({ policy, clientId, issuedTo, audience }) =>
    policy === 'open' && issuedTo !== clientId && !audience.includes(clientId)
      ? 'The subject token was issued to another client, which does not matter here'
      : 'The subject token was issued to this client, or is for it',
  clause: 'rfc8693-2.2.2',
  test({ policy, clientId, issuedTo, audience }) {
    if (policy === 'open') return { policy, issued_to: issuedTo };
    if (issuedTo === clientId || audience.includes(clientId)) return { issued_to: issuedTo, aud: audience };
    throw new OAuthError('invalid_request', {
      reason: 'subject-token-invalid',
      description:
        'The subject_token was issued to another client and is not for this one. The knob ' +
        'exchange.policy can lift this.',
      evidence: { expected: clientId, got: issuedTo, aud: audience, knob: 'exchange.policy' },
    });
  },
};
