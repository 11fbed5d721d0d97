/** What a ledger holds: requests and answers by what they mean, each with the exchange that it was read from. */
import type { JsonObject, Parameters } from '#lib/exchange/read.ts';
import type { Seen } from './seen.ts';

/** A redirect back to the client. */
export interface Answer {
  readonly seen: Seen;
  readonly code: string | null;
  readonly state: string | null;
  readonly iss: string | null;
  readonly error: string | null;
}

/** An authorization request; one that is equal byte for byte to an earlier one counts as the same. */
export interface Authorization {
  readonly seen: Seen;
  /** Of the request, or of the pushed one that it names. */
  readonly parameters: Parameters;
  readonly pushed: Seen | null;
  readonly clientId: string | null;
  readonly issuer: string;
  readonly scope: readonly string[];
  readonly answers: Answer[];
  readonly redemptions: TokenRequest[];
}

export type Method = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

export interface TokenRequest {
  readonly seen: Seen;
  readonly grantType: string | null;
  readonly clientId: string | null;
  readonly issuer: string;
  readonly code: string | null;
  readonly refresh: string | null;
  readonly methods: readonly Method[];
  /** The request that its code belongs to. */
  readonly authorization: Authorization | null;
  readonly answer: Answer | null;
  tokens: Tokens | null;
}

/** A successful answer of the token endpoint. */
export interface Tokens {
  readonly request: TokenRequest;
  readonly access: string | null;
  readonly refresh: string | null;
  readonly type: string | null;
  readonly scope: readonly string[] | null;
  readonly expiresIn: number | null;
  /** The answer that the presented refresh token came from; null for a new grant. */
  readonly parent: Tokens | null;
}

export interface Registration {
  readonly seen: Seen;
  readonly issuer: string;
  readonly asked: JsonObject;
  readonly answered: JsonObject;
  readonly clientId: string;
}

/** A request to an MCP server behind OAuth. */
export interface Call {
  readonly seen: Seen;
  readonly token: string | null;
  readonly scheme: 'Bearer' | 'DPoP' | null;
  readonly tokens: Tokens | null;
}

export interface Document {
  readonly seen: Seen;
  readonly issuer: string;
  /** Which address: path-inserted or path-appended, of OAuth or OpenID. */
  readonly address: 'oauth-inserted' | 'oidc-inserted' | 'oidc-appended' | 'oauth-appended';
  /** Null if the answer is no JSON object with 200. */
  readonly document: JsonObject | null;
}

export interface DeviceFlow {
  readonly seen: Seen;
  readonly clientId: string | null;
  readonly deviceCode: string | null;
  /** Seconds. */
  readonly interval: number;
  readonly expiresIn: number | null;
  readonly polls: TokenRequest[];
}

export interface Proof {
  readonly seen: Seen;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}
