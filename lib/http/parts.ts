/**
 * What the HTTP room needs from the code that wires the server (`lib/server/container.ts`), and what an
 * adapter may tell about a connection.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeySupply } from '#lib/oauth/keys/supply.ts';
import type { Dispatcher } from '#lib/events/dispatch.ts';
import type { GuardedFetch } from '#lib/fetch/types.ts';
import type { PasswordHasher } from '#lib/oauth/context.ts';
import type { ConfiguredProviders } from '#lib/social/providers.ts';
import type { Recorder } from '#lib/recorder/recorder.ts';
import type { Sandboxes } from '#lib/sandbox/sandboxes.ts';
import type { Store } from '#lib/store/store.ts';
import type { BusySandbox } from './busy.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Limiter } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { Tail } from './tail.ts';

/** How this instance faces the world; all of it comes from the environment. */
export interface Site {
  /** `PUBLIC_URL` without a trailing slash; null: the loopback origin of each request. */
  readonly publicUrl: string | null;
  /** `publicUrl` is set and not loopback. */
  readonly isPublic: boolean;
  /** SHA-256 of `AUTHWALK_ADMIN_TOKEN`, base64url; null if none is set. */
  readonly adminTokenHash: string | null;
  /** How the server itself is reached if there is no `PUBLIC_URL`. */
  readonly scheme: 'http' | 'https';
  /** Host names in lower case that count as loopback (`AUTHWALK_ALLOWED_HOSTS`). */
  readonly allowedHosts: ReadonlySet<string>;
  /** Further origins that a local instance takes: `tauri://localhost`, `vscode-webview://*`, `null`. */
  readonly allowedOrigins: readonly string[];
  /** Somebody's own instance behind a tunnel: the root is recorded, though the instance is public. */
  readonly isPersonal: boolean;
  /** Proxies to believe for the client's address. */
  readonly trustProxy: number;
  /** Sandboxes that the database holds at most; for a new one the longest idle one goes. */
  readonly maxSandboxes: number;
  readonly version: string;
}

/** The parts that the route table is made over. */
export interface Parts {
  readonly site: Site;
  readonly store: Store;
  readonly sandboxes: Sandboxes;
  readonly recorder: Recorder;
  /** Delivers webhooks; null: the operator turned events off. */
  readonly events: Dispatcher | null;
  readonly limiter: Limiter;
  readonly metrics: Metrics;
  /** Sums over all processes of this start. */
  readonly sums: {
    /** Resident bytes. */
    memory(): Promise<number>;
    /** Live streams. */
    streams(): Promise<number>;
    /** The sandboxes that most requests of the latest minute went to, the busiest first. */
    busy(): Promise<readonly BusySandbox[]>;
  };
  /** What other instances on the same database tell of themselves. */
  readonly elsewhere: () => Promise<Elsewhere>;
  /** Counts a request to a sandbox. */
  readonly noteBusy: (id: string, address: string) => void;
  /** How much room there is. */
  readonly room: {
    /** Bytes of the volume that the database file lies on; null: nobody says. */
    volume(): Promise<{ readonly bytes: number; readonly free: number } | null>;
    /** Bytes of memory that this process may take. */
    memory(): number;
  };
  /** What an operator may want to know of. */
  readonly tail: Tail;
  readonly passwords: PasswordHasher;
  /** Where signing keys come from. */
  readonly keys: KeySupply;
  readonly fetch: GuardedFetch;
  /** The real providers that users of `default` may sign in with. */
  readonly providers: ConfiguredProviders;
  /** Aborted when the server stops: streams end, and their readers come back later. */
  readonly stopping: AbortSignal;
  /** Where unexpected exceptions go. */
  readonly log: (message: string, error?: unknown, about?: Readonly<Record<string, string>>) => void;
  /** Wall time, ms since the epoch. */
  readonly wall: () => number;
  /** `bytes` random bytes, base64url. */
  readonly random: (bytes: number) => string;
}

/** What `@hono/node-server` hands on; absent in tests and in Next's route handlers. */
export interface Bindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
  /** The request's address where an adapter knows it without a socket. */
  readonly remoteAddress?: string;
  /** Whether this server asks itself, as a client of the sandbox's simulated provider. */
  readonly ownRequest?: boolean;
}

/** Sends a request to this very server, without a socket. */
export type AskSelf = (request: Request, remoteAddress: string) => Promise<Response>;
