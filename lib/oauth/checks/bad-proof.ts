import { OAuthError } from '../errors.ts';
import type { DpopServer, Evidence } from './types.ts';

/** The refusal of a DPoP proof, as the server that asks for it words it. */
export function badProof(server: DpopServer, description: string, evidence?: Evidence): OAuthError {
  return new OAuthError('invalid_dpop_proof', {
    ...(server === 'as'
      ? { reason: 'proof-invalid' as const }
      : {
          reason: 'resource-proof-invalid' as const,
          status: 401,
          delivery: { kind: 'challenge' as const, scheme: 'DPoP' as const },
        }),
    description,
    ...(evidence ? { evidence } : {}),
  });
}
