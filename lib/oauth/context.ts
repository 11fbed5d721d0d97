/**
 * What the engine works in: one issuer of one sandbox, and the trace of one request.
 *
 * The engine knows nothing of environment variables, of the wall clock or of a database driver;
 * all of it comes in here.
 */
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { SandboxConfig } from '#lib/config/config.ts';
import type { QueueName } from '#lib/config/queued.ts';
import type { TenantStore } from '#lib/store/store.ts';
import type { KeySupply } from './keys/supply.ts';
import type { Trace } from './checks/types.ts';

export type { Trace, TraceFacts } from './checks/types.ts';

/** One issuer: the sandbox itself, or one of its further issuers. */
export interface Tenant {
  /** Id of the sandbox; `default` at the root. */
  readonly sandboxId: string;
  /** `{origin}`, without a trailing slash. */
  readonly origin: string;
  /** `{origin}` or `{origin}/s/{id}`: where the endpoints are. */
  readonly base: string;
  /** Issuer identifier, byte-identical wherever it stands. */
  readonly issuer: string;
  readonly config: SandboxConfig;
  readonly store: TenantStore;
  /** 256 bits of the sandbox, base64url. */
  readonly secret: string;
  /** SHA-256 of its control token; null if there is none. */
  readonly controlTokenHash: string | null;
  /** Whether the instance is public: interstitials, stricter rules. */
  readonly isPublic: boolean;
  /** Host names that count as loopback beside the real ones (`AUTHWALK_ALLOWED_HOSTS`), in lower case. */
  readonly allowedHosts?: ReadonlySet<string>;
  /** Protocol time of the sandbox, ms since the epoch. */
  now(): number;
  /** `bytes` random bytes, base64url. */
  random(bytes: number): string;
  readonly passwords: PasswordHasher;
  /** Where its signing keys come from; absent: each is made when it is needed. */
  readonly keys?: KeySupply;
  /** Fetches what a client names, through the guard against server-side request forgery. */
  readonly fetch: GuardedFetch;
  /** The sandbox's further issuer with this label; null, or absent if there is none. */
  readonly further?: (label: 'as2' | 'idp') => Tenant | null;
  /** Takes what the owner put in line for the next request; absent, or null, if there is nothing. */
  readonly queue?: (name: QueueName) => Promise<Readonly<Record<string, unknown>> | null>;
}

/** Slow, salted, off the main thread. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
}

/** Header fields by name, in any case. `Headers` of the web platform is one. */
export type HeaderReader = Pick<Headers, 'get' | 'has'> & Iterable<[string, string]>;

/** What the engine reads of a request beside its body. `Request` of the web platform is one. */
export interface EngineRequest {
  readonly method: string;
  /** Absolute, below the origin of this server. */
  readonly url: string;
  readonly headers: HeaderReader;
  /** Aborted when the connection ends before the answer. */
  readonly signal: AbortSignal;
}

/** What an endpoint of the engine gets. */
export interface Context {
  readonly tenant: Tenant;
  readonly request: EngineRequest;
  /** The body, read within its bounds by the HTTP layer: form or JSON only where the endpoint takes it. */
  readonly body: ParsedBody;
  readonly trace: Trace;
  /** The browser's cookie value, where it came with one; the HTTP layer sets it when an endpoint asks for one. */
  readonly browser: {
    readonly id: string | null;
    /** Makes one if there is none; the answer then sets the cookie. */
    ensure(): string;
    /** Makes another one, which the answer sets. */
    renew(): string;
  };
  /** The client's address, for rate limits. */
  readonly remoteAddress: string;
}

/** `text` is the body as it came; `form` and `json` are set where the operation declares that kind of body. */
export interface ParsedBody {
  readonly text: string;
  readonly form?: URLSearchParams;
  readonly json?: unknown;
}

/**
 * What `GrantRecord.details` holds. Written by the authorization and device endpoints, read by
 * the code that makes tokens.
 */
export interface GrantDetails {
  /** OpenID Connect `nonce`, to be repeated in the ID token. */
  readonly nonce?: string;
  /** When the user proved who they are, ms. */
  readonly authTime?: number;
  readonly acr?: string;
  /** Whether `auth_time` was demanded (`max_age`, `require_auth_time`). */
  readonly authTimeRequested?: boolean;
  /** Session id for logout. */
  readonly sid?: string;
  /** `dpop_jkt` of the authorization request: the code is bound to that key. */
  readonly dpopJkt?: string;
  /** `expires_in` of the authorization request: seconds that access tokens live. */
  readonly expiresIn?: number;
  /** What the client asked for, before consent narrowed it. */
  readonly requestedScope?: readonly string[];
  /**
   * `code_challenge` of the authorization request, its redirect URI, and SHA-256 of its `state`: to tell mix-ups
   * apart.
   */
  readonly challenge?: string;
  readonly redirectUri?: string;
  readonly stateHash?: string;
}
