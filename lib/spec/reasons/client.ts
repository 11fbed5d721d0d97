/** Why the guide's own client refuses what a server answered. */
import type { Reason } from './reason.ts';

export const clientReasons = {
  'client-resource-mismatch': {
    at: 'client',
    delivery: 'client',
    says: 'The document describes another resource than the one that was called. The client stops.',
    clause: 'rfc9728-3.3',
  },
  'client-issuer-mismatch': {
    at: 'client',
    delivery: 'client',
    says: 'The metadata names another issuer than the address it was fetched for. The client stops.',
    clause: 'rfc8414-3.3',
  },
  'client-state-mismatch': {
    at: 'client',
    delivery: 'client',
    says: 'The answer does not belong to a request of this browser. The client drops it.',
    clause: 'mcp-sec-redirect',
  },
  'client-iss-mismatch': {
    at: 'client',
    delivery: 'client',
    says: 'Another server answered than the one that was asked. The code goes nowhere.',
    clause: 'mcp-auth-response',
  },
  'client-iss-missing': {
    at: 'client',
    delivery: 'client',
    says: 'The server promised `iss` and did not send it. The code goes nowhere.',
    clause: 'mcp-auth-response',
  },
  'client-id-token-invalid': {
    at: 'client',
    delivery: 'client',
    says: 'The ID token is not from this issuer, not for this client, or not for this request.',
    clause: 'oidc-core-3.1.3.7',
  },
  'client-no-s256': {
    at: 'client',
    delivery: 'client',
    says: 'The server does not say that it supports PKCE. The client stops.',
    clause: 'mcp-sec-code',
  },
} as const satisfies Record<string, Reason>;
