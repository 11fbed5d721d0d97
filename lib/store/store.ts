/**
 * What the server remembers, in verbs of the domain.
 *
 * Each verb is atomic: it is one transaction, and of many that run at once exactly one wins where
 * only one may. Times are milliseconds since the epoch and come in as arguments (`now`), because
 * protocol time is the sandbox's clock and not the machine's. Secrets arrive hashed.
 */

/* ------------------------------------------------------------------ records */

/** A sandbox: one tenant, with its own issuer, keys, clients, users, grants, clock and faults. */
export interface SandboxRecord {
  readonly id: string;
  /** What was set by its owner, before defaults: validated by `lib/sandbox/config.ts`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly scenario: string | null;
  /** SHA-256 of the control token; null for `default`. */
  readonly controlTokenHash: string | null;
  /** 256 random bits, base64url: from it come successors of refresh tokens and nonces. */
  readonly secret: string;
  readonly clock: ClockSetting;
  /** Wall time, ms. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Seconds that it lives after its last use; null: for ever. */
  readonly ttl: number | null;
  readonly expiresAt: number | null;
  /** Raised with each change of configuration or clock. */
  readonly version: number;
}

/** `offset` ms are added to wall time; `frozenAt` is protocol time in ms while it stands still. */
export interface ClockSetting {
  readonly offset: number;
  readonly frozenAt: number | null;
}

export interface KeyRecord {
  readonly kid: string;
  /** JWS algorithm, such as ES256. */
  readonly alg: string;
  readonly privateJwk: Readonly<Record<string, unknown>>;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** Since when it signs nothing new; null while it is in use. */
  readonly retiredAt: number | null;
}

export interface ClientRecord {
  readonly clientId: string;
  readonly source: 'dynamic' | 'preregistered' | 'document';
  /** Client metadata as registered (RFC 7591 member names), defaults filled in. */
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly redirect_uris: readonly string[];
    readonly grant_types: readonly string[];
    readonly response_types: readonly string[];
    readonly token_endpoint_auth_method: string;
    readonly client_name?: string;
    readonly scope?: string;
  };
  /** The methods that it may authenticate with; both secret methods where none was asked for. */
  readonly authMethods: readonly string[];
  readonly secretHash: string | null;
  /** Seconds since the epoch, 0: never (RFC 7591 §3.2.1). */
  readonly secretExpiresAt: number;
  readonly registrationTokenHash: string | null;
  readonly createdAt: number;
}

export interface UserRecord {
  /** Subject identifier. */
  readonly sub: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  /** Further claims, as userinfo gives them. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Made up on the spot; gone with the sandbox or its grants. */
  readonly temporary: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/** A login of one browser at one sandbox. */
export interface SessionRecord {
  /** `sid`, random. */
  readonly id: string;
  /** SHA-256 of the browser's cookie. */
  readonly browserHash: string;
  readonly sub: string;
  /** When the user proved who they are, ms. */
  readonly authTime: number;
  readonly expiresAt: number;
}

/** One visit to the consent page. */
export interface InteractionRecord {
  readonly id: string;
  /** SHA-256 of the browser's cookie that it is bound to. */
  readonly browserHash: string;
  /** The validated authorization request; its shape belongs to `lib/oauth`. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** One authorization of one client: what its codes, access tokens and refresh tokens hang on. */
export interface GrantRecord {
  readonly id: string;
  readonly clientId: string;
  /** null for grants without a user. */
  readonly sub: string | null;
  /** How it began: the grant type. */
  readonly kind: string;
  readonly scope: readonly string[];
  /** `resource` values that were granted, absolute URIs. */
  readonly resource: readonly string[];
  /** Further audiences that were asked for by `audience`. */
  readonly audience: readonly string[];
  /** Anything else that later tokens need: nonce, acr, auth_time, dpop_jkt, expires_in. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** Reason id of what ended it. */
  readonly revokedBy: string | null;
}

export interface CodeRecord {
  /** SHA-256 of the code, base64url. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly spentAt: number | null;
}

export interface AccessTokenRecord {
  /** `jti` of a JWT, SHA-256 of an opaque token. */
  readonly id: string;
  /** null: hangs on no grant (client credentials). */
  readonly grantId: string | null;
  readonly clientId: string;
  readonly sub: string | null;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  readonly issuedAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** Thumbprint of the key that it is bound to (RFC 9449), else null. */
  readonly jkt: string | null;
  /** Anything else that introspection tells: act, auth_time, acr. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface RefreshTokenRecord {
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** 1 for the first of a family. */
  readonly generation: number;
  /** Hash of the token that it succeeded. */
  readonly parentHash: string | null;
  readonly issuedAt: number;
  /** The earlier of idle and absolute end. */
  readonly expiresAt: number;
  readonly usedAt: number | null;
  readonly jkt: string | null;
}

export interface DeviceRecord {
  /** SHA-256 of the device code. */
  readonly hash: string;
  /** Normalised: upper case, without separators. */
  readonly userCode: string;
  readonly clientId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Seconds between two polls; grows by 5 with each `slow_down`. */
  readonly interval: number;
  readonly polls: number;
  readonly lastPollAt: number | null;
  readonly status: 'pending' | 'approved' | 'denied' | 'redeemed';
  /** Set when approved. */
  readonly grantId: string | null;
}

export interface PushedRequestRecord {
  /** SHA-256 of the reference. */
  readonly hash: string;
  readonly clientId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
}

/** A client ID metadata document, as it was fetched. */
export interface ClientDocumentRecord {
  readonly url: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** Wall time, ms. */
  readonly fetchedAt: number;
  readonly freshUntil: number;
  readonly etag: string | null;
}

export interface NoteRecord {
  readonly id: string;
  readonly sub: string;
  readonly text: string;
  readonly createdAt: number;
}

/** One recorded exchange; `data` is the whole `Exchange` of `lib/recorder/exchange.ts`. */
export interface ExchangeRecord {
  /** Rises by one within a sandbox, never reused. */
  readonly seq: number;
  /** Wall time, ms. */
  readonly at: number;
  readonly bytes: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FaultRecord {
  readonly id: string;
  readonly fault: Readonly<Record<string, unknown>>;
  /** How many requests matched it so far. */
  readonly matched: number;
  /** How often it acted. */
  readonly acted: number;
  readonly createdAt: number;
}

/* ------------------------------------------------------------------ outcomes */

export type RedeemOutcome =
  | { readonly outcome: 'redeemed' }
  /** Was redeemed before: the grant with all that hangs on it is revoked now, in the same transaction. */
  | { readonly outcome: 'spent' }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'unknown' };

export type RotateOutcome =
  | { readonly outcome: 'rotated' }
  /** Within the grace: the successor stands as it was; only the new access token was added. */
  | { readonly outcome: 'repeated' }
  /** Used before, and the rule was to end the family: done, in the same transaction. */
  | { readonly outcome: 'family-revoked' }
  /** Used before, and the rule was only to refuse. */
  | { readonly outcome: 'spent' }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'unknown' };

export type PollOutcome =
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired'; readonly device: DeviceRecord }
  | { readonly outcome: 'too-fast'; readonly device: DeviceRecord }
  | { readonly outcome: 'pending'; readonly device: DeviceRecord }
  | { readonly outcome: 'denied'; readonly device: DeviceRecord }
  | { readonly outcome: 'approved'; readonly device: DeviceRecord }
  | { readonly outcome: 'redeemed'; readonly device: DeviceRecord };

/** Thrown where a bound of the contract would be passed ("1 000 clients"). */
export class LimitError extends Error {
  readonly limit: string;
  readonly max: number;
  constructor(limit: string, max: number) {
    super(`This sandbox holds ${max} ${limit}, which is as many as it may.`);
    this.name = 'LimitError';
    this.limit = limit;
    this.max = max;
  }
}

/** Thrown where what is to be created is there already: a sandbox or client of this id, a user of this subject or e-mail address. */
export class ConflictError extends Error {
  readonly what: 'sandbox' | 'client' | 'user';
  readonly id: string;
  constructor(what: 'sandbox' | 'client' | 'user', id: string) {
    super(`There is a ${what} "${id}" already.`);
    this.name = 'ConflictError';
    this.what = what;
    this.id = id;
  }
}

/* ------------------------------------------------------------------ the interface */

/** The whole database. */
export interface Store {
  /** Resolves when the database answers. @throws where it does not */
  ping(): Promise<void>;
  /** Writes out what is pending and closes. */
  close(): Promise<void>;

  /** @throws ConflictError where the id is taken */
  createSandbox(record: SandboxRecord): Promise<void>;
  getSandbox(id: string): Promise<SandboxRecord | null>;
  /**
   * Replaces what is given, and raises `version`. Returns the new record, or null where there is none.
   * With `options.version` only where the sandbox still has that version, so that what was worked
   * out from what was read ("an hour later") is not worked out from what has changed: null then too.
   */
  updateSandbox(
    id: string,
    change: Partial<Pick<SandboxRecord, 'config' | 'scenario' | 'clock' | 'ttl' | 'expiresAt' | 'controlTokenHash'>>,
    options?: { version?: number },
  ): Promise<SandboxRecord | null>;
  /** Notes a use, to the second: moves `lastUsedAt` and `expiresAt` on. What has expired stays so. */
  touchSandbox(id: string, wall: number): Promise<void>;
  /** Deletes it with everything in it and in its further issuers (`id/as2`, `id/idp`). */
  deleteSandbox(id: string): Promise<boolean>;
  /** Deletes what is in the sandbox but for its keys where `keepKeys`, and not the sandbox itself. */
  resetSandbox(id: string, options?: { keepKeys?: boolean }): Promise<void>;
  /** Pages through all sandboxes, newest first; for operators. */
  listSandboxes(options: { limit: number; before?: number }): Promise<SandboxRecord[]>;

  /** What one sandbox, or one of its further issuers (`id/as2`), remembers. Cheap: holds no state. */
  tenant(scope: string): TenantStore;

  /**
   * Deletes up to `limit` things that ended before; returns how many. Call again while it returns `limit`.
   * Sandboxes go when they expire, what is in them a day after its end. With `idleUsersBefore`, users of
   * `default` that were not used since go too (public instances).
   */
  sweep(wall: number, limit: number, options?: { idleUsersBefore?: number }): Promise<number>;
}

/** What one issuer remembers. Nothing of one scope is ever visible in another. */
export interface TenantStore {
  readonly scope: string;

  /* keys */
  listKeys(): Promise<KeyRecord[]>;
  /** Adds the key unless another is in use for its algorithm; returns the one that is in use then. */
  addKeyIfNone(key: KeyRecord): Promise<KeyRecord>;
  /** Retires what is in use for the algorithm and puts this in its place. */
  rotateKey(key: KeyRecord, now: number): Promise<void>;
  /** Puts these in the place of all keys. */
  replaceKeys(keys: readonly KeyRecord[]): Promise<void>;
  deleteKeysRetiredBefore(time: number): Promise<void>;

  /* clients */
  /**
   * Makes room, where there is none, by forgetting clients that registered themselves over 30 days
   * before and have no live grant.
   * @throws LimitError with more than 1 000 clients, ConflictError where the id is taken
   */
  createClient(client: ClientRecord): Promise<void>;
  /** Creates or replaces: pre-registered clients, presets. @throws LimitError where it is new and one too many */
  putClient(client: ClientRecord): Promise<void>;
  getClient(clientId: string): Promise<ClientRecord | null>;
  listClients(options: { limit: number; after?: string }): Promise<ClientRecord[]>;
  /** Deletes it, revokes its grants, and ends its access tokens. */
  deleteClient(clientId: string, now: number): Promise<boolean>;
  getClientDocument(url: string): Promise<ClientDocumentRecord | null>;
  putClientDocument(document: ClientDocumentRecord): Promise<void>;

  /* users and sessions */
  /**
   * Temporary users are not counted among the 1 000: they go with their grants.
   * @throws LimitError with more than 1 000 users, ConflictError where subject or e-mail address is taken
   */
  createUser(user: UserRecord): Promise<void>;
  /** Creates or replaces. @throws LimitError, ConflictError */
  putUser(user: UserRecord): Promise<void>;
  getUser(sub: string): Promise<UserRecord | null>;
  /** By e-mail address, compared without regard to case; only users with a password. */
  findUser(email: string): Promise<UserRecord | null>;
  /** Creates the user unless its e-mail address is taken; returns whoever has it then. @throws LimitError */
  createUserIfNone(user: UserRecord): Promise<{ user: UserRecord; created: boolean }>;
  touchUser(sub: string, now: number): Promise<void>;
  listUsers(options: { limit: number; after?: string }): Promise<UserRecord[]>;
  /** One login a browser: replaces the one before. */
  putSession(session: SessionRecord): Promise<void>;
  getSession(browserHash: string, now: number): Promise<SessionRecord | null>;
  deleteSession(browserHash: string): Promise<boolean>;

  /* authorization */
  createInteraction(interaction: InteractionRecord): Promise<void>;
  getInteraction(id: string, now: number): Promise<InteractionRecord | null>;
  /** Takes it away: of many, one gets it. */
  takeInteraction(id: string, now: number): Promise<InteractionRecord | null>;
  /** Stores the grant and its code together. @throws LimitError with more than 10 000 live grants */
  createGrantWithCode(grant: GrantRecord, code: CodeRecord): Promise<void>;
  createGrant(grant: GrantRecord): Promise<void>;
  getGrant(id: string): Promise<GrantRecord | null>;
  findCode(hash: string): Promise<{ code: CodeRecord; grant: GrantRecord } | null>;
  /** Spends the code and stores the tokens that it gives, or says why not. Only a right redemption may come here. */
  redeemCode(input: {
    hash: string;
    now: number;
    access: AccessTokenRecord;
    refresh: RefreshTokenRecord | null;
  }): Promise<RedeemOutcome>;
  /** Ends a grant: its codes and refresh tokens, and its access tokens. False where it had ended, or is unknown. */
  revokeGrant(id: string, reason: string, now: number): Promise<boolean>;

  /* tokens */
  saveAccessToken(token: AccessTokenRecord): Promise<void>;
  /** Stores what a device code or token exchange gives, with its grant where that is new. */
  saveTokens(input: {
    grant?: GrantRecord;
    access: AccessTokenRecord;
    refresh?: RefreshTokenRecord | null;
  }): Promise<void>;
  getAccessToken(id: string): Promise<{ token: AccessTokenRecord; grant: GrantRecord | null } | null>;
  revokeAccessToken(id: string, now: number): Promise<boolean>;
  /** Ends all access tokens that were issued so far: revokes them, or has them expire now. */
  endAccessTokens(how: 'revoke' | 'expire', now: number): Promise<void>;
  findRefreshToken(hash: string): Promise<{ token: RefreshTokenRecord; grant: GrantRecord } | null>;
  /**
   * Uses the token up and stores its successor and the new access token, or says why not.
   * `grace` in ms: within it after its use, and only while the successor is unused, the token is answered once more.
   * `reuse` says what another use brings. `successor` null: the token goes on and only its idle end moves to `idleUntil`.
   */
  rotateRefreshToken(input: {
    hash: string;
    now: number;
    successor: RefreshTokenRecord | null;
    access: AccessTokenRecord;
    reuse: 'revoke-family' | 'reject' | 'accept';
    grace: number;
    idleUntil: number;
    reason: string;
  }): Promise<RotateOutcome>;
  /** All refresh tokens of a grant, oldest first: the family. */
  listRefreshTokens(grantId: string): Promise<RefreshTokenRecord[]>;
  listGrants(options: { limit: number; before?: number }): Promise<GrantRecord[]>;

  /* device, pushed requests, replay */
  createDevice(device: DeviceRecord): Promise<void>;
  findDeviceByUserCode(userCode: string, now: number): Promise<DeviceRecord | null>;
  /** Decides a pending one, with the grant where it is approved. False where it was decided or has run out. */
  decideDevice(input: { userCode: string; now: number; grant: GrantRecord | null }): Promise<boolean>;
  /**
   * Counts the poll and holds it to the interval (each one too fast adds 5 s).
   * `slowDownPolls`: polls, counted from 1, that are too fast whatever the interval.
   */
  pollDevice(hash: string, now: number, slowDownPolls?: readonly number[]): Promise<PollOutcome>;
  /** Trades an approved one for tokens: of many, one gets them. */
  redeemDevice(input: {
    hash: string;
    now: number;
    access: AccessTokenRecord;
    refresh: RefreshTokenRecord | null;
  }): Promise<boolean>;
  createPushedRequest(record: PushedRequestRecord): Promise<void>;
  getPushedRequest(hash: string, now: number): Promise<PushedRequestRecord | null>;
  takePushedRequest(hash: string, now: number): Promise<PushedRequestRecord | null>;
  /** True the first time until `until`: for `jti` values that may come once. */
  rememberOnce(key: string, until: number, now: number): Promise<boolean>;
  /** Adds one and returns the new count. */
  count(name: string): Promise<number>;

  /* the notes of the MCP servers */
  listNotes(sub: string): Promise<NoteRecord[]>;
  /** @throws LimitError with more than 1 000 notes */
  addNote(note: NoteRecord): Promise<void>;

  /* recorder and faults; only of the sandbox itself, not of its further issuers */
  /** Appends in one transaction, gives each its `seq`, and drops the oldest over 500 or 4 MiB. */
  appendExchanges(exchanges: readonly Omit<ExchangeRecord, 'seq'>[]): Promise<ExchangeRecord[]>;
  listExchanges(options: { after: number; limit: number }): Promise<ExchangeRecord[]>;
  lastExchangeSeq(): Promise<number>;
  clearExchanges(): Promise<void>;
  /** @throws LimitError with more than 100 faults */
  addFault(fault: FaultRecord): Promise<void>;
  listFaults(): Promise<FaultRecord[]>;
  deleteFaults(id?: string): Promise<number>;
  /** Counts a match, and whether it acts (`nth` from 1, `times` null: always); of many at once each gets its own number. */
  claimFault(id: string, nth: number, times: number | null): Promise<{ matched: number; acts: boolean } | null>;
}
