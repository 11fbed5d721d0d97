import type { Evidence } from '#lib/oauth/checks/types.ts';
import { OAuthError } from '#lib/oauth/errors.ts';

/** What the transport answers to a message that it refuses: JSON-RPC under an HTTP status. */
export interface RpcRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
  readonly evidence: Evidence;
}

/** A refusal of the transport, on its way to the client. */
export class RpcRefused extends OAuthError {
  readonly refusal: RpcRefusal;

  /** @param reason why, for the record */
  constructor(reason: 'header-mismatch' | 'rpc-message' | 'media-type', refusal: RpcRefusal) {
    super('invalid_request', {
      reason,
      status: refusal.status,
      description: refusal.message,
      evidence: refusal.evidence,
    });
    this.refusal = refusal;
  }
}

/** Whether an error is a refusal of the transport. */
export function isRpcRefused(error: OAuthError): error is RpcRefused {
  return 'refusal' in error;
}
