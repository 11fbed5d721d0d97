/** Rows of what the authorization server remembers: clients, users, grants and tokens. */

export interface KeyRow {
  tenant: string;
  kid: string;
  alg: string;
  private_jwk: string;
  public_jwk: string;
  created_at: number;
  retired_at: number | null;
}

export interface ClientRow {
  tenant: string;
  client_id: string;
  source: string;
  metadata: string;
  auth_methods: string;
  secret_hash: string | null;
  secret_expires_at: number;
  registration_token_hash: string | null;
  created_at: number;
  /** null: never used. */
  last_used_at: number | null;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

/** Ends the access tokens of a deleted client that belong to no grant. */
export interface DeletedClientRow {
  tenant: string;
  client_id: string;
  deleted_at: number;
}

export interface ClientDocumentRow {
  tenant: string;
  url: string;
  document: string;
  fetched_at: number;
  fresh_until: number;
  etag: string | null;
}

export interface UserRow {
  tenant: string;
  sub: string;
  email: string | null;
  email_key: string | null;
  password_hash: string | null;
  claims: string;
  temporary: number;
  created_at: number;
  last_used_at: number;
  /** 1 if it was created by signing in: such users make room for others. */
  self_made: number;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

export interface SessionRow {
  tenant: string;
  browser_hash: string;
  id: string;
  sub: string;
  auth_time: number;
  expires_at: number;
}

export interface InteractionRow {
  tenant: string;
  id: string;
  browser_hash: string;
  request: string;
  created_at: number;
  expires_at: number;
}

export interface GrantRow {
  tenant: string;
  id: string;
  client_id: string;
  sub: string | null;
  kind: string;
  scope: string;
  resource: string;
  audience: string;
  details: string;
  created_at: number;
  revoked_at: number | null;
  revoked_by: string | null;
  /** 1 while it counts against the bound of live grants. */
  live: number;
  /** The end of whatever hangs on it and ends last. */
  live_until: number;
  /** null: its code was not redeemed. */
  last_used_at: number | null;
  /** Hash of the address that it counts against; null: none. */
  made_by: string | null;
}

export interface CodeRow {
  tenant: string;
  hash: string;
  grant_id: string;
  client_id: string;
  redirect_uri: string;
  code_challenge: string | null;
  code_challenge_method: string | null;
  created_at: number;
  expires_at: number;
  spent_at: number | null;
}

export interface AccessTokenRow {
  tenant: string;
  id: string;
  grant_id: string | null;
  client_id: string;
  sub: string | null;
  scope: string;
  audience: string;
  issued_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  jkt: string | null;
  details: string;
}

export interface RefreshTokenRow {
  tenant: string;
  hash: string;
  grant_id: string;
  client_id: string;
  scope: string;
  generation: number;
  parent_hash: string | null;
  issued_at: number;
  expires_at: number;
  used_at: number | null;
  jkt: string | null;
}

export interface DeviceRow {
  tenant: string;
  hash: string;
  user_code: string;
  client_id: string;
  request: string;
  created_at: number;
  expires_at: number;
  interval_seconds: number;
  polls: number;
  last_poll_at: number | null;
  status: string;
  grant_id: string | null;
}

export interface PushedRequestRow {
  tenant: string;
  hash: string;
  client_id: string;
  request: string;
  expires_at: number;
}

export interface RememberedRow {
  tenant: string;
  name: string;
  expires_at: number;
}
