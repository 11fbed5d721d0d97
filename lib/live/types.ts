/** What the page of a sandbox is made from: plain data, on both sides of the network. */
import type { ConditionalNote } from '#lib/exchange/notes.ts';
import type { Change, Exchange, LedgerEntry, Party } from '#lib/exchange/types.ts';

export type { Change, Exchange, LedgerEntry, Party };

/** A sandbox as `GET /api/sandboxes/{id}` tells it. */
export interface SandboxInfo {
  readonly id: string;
  readonly issuer: string;
  readonly mcp: { readonly oauth: string; readonly bearer: string; readonly no_auth: string };
  readonly scenario: string | null;
  readonly config: Readonly<Record<string, unknown>>;
  /** `offset` in seconds. */
  readonly clock: { readonly now: string; readonly offset: number; readonly frozen: boolean };
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly ttl: number | null;
}

/** What is said of one line of an exchange, and of which exchanges it is true. */
export interface EndpointNote extends ConditionalNote {
  readonly text: string;
  readonly clause?: { readonly label: string; readonly url: string };
}

/** A scripted misbehaviour, as the control API lists it. */
export interface FaultInfo {
  readonly id: string;
  readonly endpoint: string;
  readonly match?: Readonly<Record<string, unknown>>;
  readonly nth: number;
  readonly times: number | 'always';
  readonly client_id?: string;
  readonly effect: Readonly<Record<string, unknown>>;
  readonly matched: number;
  readonly acted: number;
}

/** One authorization with its family of refresh tokens, as the control API lists it. */
export interface GrantInfo {
  readonly id: string;
  readonly client_id: string;
  readonly sub: string | null;
  readonly kind: string;
  readonly scope: readonly string[];
  readonly created_at: string;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
  readonly refresh_tokens: readonly RefreshInfo[];
}
export interface RefreshInfo {
  readonly id: string;
  readonly parent: string | null;
  readonly generation: number;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly used_at: string | null;
}

export interface UserInfo {
  readonly sub: string;
  readonly email: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly temporary: boolean;
  readonly created_at: string;
}
