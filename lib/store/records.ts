/** The records that the store keeps. Times are milliseconds since the epoch unless a comment says otherwise. */

/** A sandbox: one tenant, with its own issuer, keys, clients, users, grants, clock and faults. */
export interface SandboxRecord {
  readonly id: string;
  /** What its owner set, without defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What stages set since; goes over `config`, and ends with a reset or another scenario. */
  readonly staged: Readonly<Record<string, unknown>>;
  readonly scenario: string | null;
  /** SHA-256 of the control token; null for `default`. */
  readonly controlTokenHash: string | null;
  /** 256 random bits, base64url: from it come successors of refresh tokens and nonces. */
  readonly secret: string;
  readonly clock: ClockSetting;
  /** Wall time, ms. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Seconds it lives after its last use; null: forever. */
  readonly ttl: number | null;
  readonly expiresAt: number | null;
  /** Rises with each change of the configuration or the clock. */
  readonly version: number;
  /** How often `config`, `staged` or `scenario` were changed. */
  readonly configChange: number;
  /** Rises with each reset. */
  readonly epoch: number;
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
  /** When it stopped signing; null while it is in use. */
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
  /** The methods it may authenticate with; both secret methods if it asked for none. */
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
  /** Made up for one authorization; deleted with its last grant. */
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
  /** SHA-256 of the cookie of the browser it is bound to. */
  readonly browserHash: string;
  /** The validated authorization request; its shape belongs to `lib/oauth`. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** One authorization of one client. Its codes, access tokens and refresh tokens belong to it. */
export interface GrantRecord {
  readonly id: string;
  readonly clientId: string;
  /** null for grants without a user. */
  readonly sub: string | null;
  /** The grant type it began with. */
  readonly kind: string;
  readonly scope: readonly string[];
  /** Granted `resource` values, absolute URIs. */
  readonly resource: readonly string[];
  /** Further audiences, asked for by `audience`. */
  readonly audience: readonly string[];
  /** What later tokens need besides: nonce, acr, auth_time, dpop_jkt, expires_in. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** Id of the reason that ended it. */
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
  /** null: belongs to no grant (client credentials). */
  readonly grantId: string | null;
  readonly clientId: string;
  readonly sub: string | null;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  readonly issuedAt: number;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** Thumbprint of the key it is bound to (RFC 9449), else null. */
  readonly jkt: string | null;
  /** What introspection tells besides: act, auth_time, acr. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface RefreshTokenRecord {
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly grantId: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** 1 for the first token of a family. */
  readonly generation: number;
  /** Hash of the token it replaced. */
  readonly parentHash: string | null;
  readonly issuedAt: number;
  /** The earlier of the idle end and the absolute end. */
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

/** A client ID metadata document as fetched. */
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

/** One recorded exchange; `data` is the whole exchange. */
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
  /** How many requests have matched it. */
  readonly matched: number;
  /** How many times it acted. */
  readonly acted: number;
  readonly createdAt: number;
}

/* Outcomes of the verbs that only one caller may win. */

export type RedeemOutcome =
  | { readonly outcome: 'redeemed' }
  /** It was redeemed before. The same transaction revoked its grant and everything that belongs to it. */
  | { readonly outcome: 'spent' }
  | { readonly outcome: 'expired' }
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'unknown' };

export type RotateOutcome =
  | { readonly outcome: 'rotated' }
  /** Used again within the grace: the successor stays as it was, only the new access token was added. */
  | { readonly outcome: 'repeated' }
  /** Used before, and the rule is to revoke the family. The same transaction did. */
  | { readonly outcome: 'family-revoked' }
  /** Used before, and the rule is only to refuse. */
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

/** Something that happened in a sandbox, remembered through resets. */
export interface LedgerFact {
  /** A metadata document was asked for, or the server forgot a client. */
  readonly kind: 'prm' | 'as-metadata' | 'forgotten-client';
  /** Issuer, or client id; empty for `prm`. */
  readonly name: string;
  /** Wall time of the first time, ms. */
  readonly at: number;
}

/** A link that shows a sandbox to others. */
export interface ShareRecord {
  readonly id: string;
  readonly tokenHash: string;
  /** Wall time, ms. */
  readonly createdAt: number;
}
