/** The outside of `authwalk/testing`: what a test holds in its hands. */
import type { KnobInput } from '#lib/config/config.ts';
import type { ScenarioId } from '#lib/config/scenarios/index.ts';
import type { Exchange } from '#lib/exchange/types.ts';
import type { EndpointName, FaultableEndpoint } from '#lib/spec/endpoints.ts';

export type { EndpointName, Exchange, ScenarioId };

/** Knobs of a sandbox, flat (`'tokens.accessLifetime': 60`) or nested. */
export type Knobs = KnobInput & NestedKnobs<KnobInput>;

type HeadOf<Name> = Name extends `${infer Head}.${string}` ? Head : never;
type TailOf<Name, Head extends string> = Name extends `${Head}.${infer Tail}` ? Tail : never;
/** The same members, each dot a level: `{ tokens: { accessLifetime: 60 } }`. */
type NestedKnobs<Flat> = {
  readonly [Head in HeadOf<keyof Flat>]?: Below<Flat, Head> & NestedKnobs<Below<Flat, Head>>;
};
type Below<Flat, Head extends string> = {
  readonly [Tail in TailOf<keyof Flat, Head>]?: `${Head}.${Tail}` extends keyof Flat ? Flat[`${Head}.${Tail}`] : never;
};

/** A pre-registered client: RFC 7591 names. */
export interface ClientSeed {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly token_endpoint_auth_method?: string;
  readonly redirect_uris?: readonly string[];
  readonly grant_types?: readonly string[];
  readonly scope?: string;
  readonly [member: string]: unknown;
}
export interface UserSeed {
  readonly email: string;
  readonly password?: string;
  readonly sub?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}
export interface NoteSeed {
  readonly text: string;
  readonly email?: string;
  readonly [member: string]: unknown;
}
export interface User {
  readonly sub: string;
  readonly email: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly temporary: boolean;
  readonly created_at: string;
}
export interface Client {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [member: string]: unknown;
}
export interface Grant {
  readonly id: string;
  readonly client_id: string;
  readonly sub: string | null;
  readonly scope: readonly string[];
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
  /** The family of refresh tokens, oldest first. */
  readonly refresh_tokens: readonly {
    readonly id: string;
    readonly parent: string | null;
    readonly generation: number;
    readonly state: 'live' | 'used' | 'revoked' | 'expired';
    readonly [member: string]: unknown;
  }[];
  readonly [member: string]: unknown;
}
/** One scripted misbehaviour, as `POST …/faults` takes it. */
export interface FaultInput {
  readonly endpoint: FaultableEndpoint;
  readonly match?: Readonly<Record<string, unknown>>;
  /** From which matching request on. @default 1 */
  readonly nth?: number;
  /** How often it acts. @default 1 */
  readonly times?: number | 'always';
  readonly client_id?: string;
  readonly priority?: number;
  readonly effect: Readonly<Record<string, unknown>>;
}
export interface Fault extends FaultInput {
  readonly id: string;
  /** Requests that matched, and on how many of them it acted. */
  readonly matched: number;
  readonly acted: number;
}

/**
 * What the resource owner answers. An e-mail address names the user, who is made if there is none yet; `true` makes
 * one up. `delay` is in seconds.
 */
export type Decision =
  | 'ask'
  | 'approve'
  | 'deny'
  | 'silent'
  | 'server_error'
  | 'temporarily_unavailable'
  | { readonly approve: true | string; readonly scope?: readonly string[]; readonly delay?: number };

/** Parameters of form, query or JSON body by name: an exact text, a pattern, or null for absent. */
export type Sent = Readonly<Record<string, string | RegExp | null>>;
/** What came of a request. */
export interface Came {
  readonly status?: number;
  readonly error?: string;
  readonly reason?: string;
  readonly clientId?: string;
  readonly tool?: string;
  /** Headers of the answer. */
  readonly headers?: Sent;
  /** Exactly so often. */
  readonly times?: number;
}

/** One piece of evidence of a verdict; the pointer leads into the exchange. */
export interface Evidence {
  readonly seq: number;
  readonly pointer: string;
  readonly says: string;
  readonly got?: string;
  readonly expected?: string;
  readonly [member: string]: unknown;
}
export interface Verdict {
  readonly rule: string;
  readonly title: string;
  readonly phase: string;
  readonly verdict: 'pass' | 'fail' | 'warn' | 'not_observed';
  readonly level: 'MUST' | 'SHOULD';
  readonly clause: { readonly doc: string; readonly section: string; readonly url: string };
  readonly says: string;
  readonly evidence: readonly Evidence[];
  readonly fix: string;
  readonly reason: { readonly code: string; readonly says: string; readonly [member: string]: unknown } | null;
  readonly url: string;
  readonly [member: string]: unknown;
}
export interface Report {
  /** No MUST rule failed, and at least one passed. */
  readonly ok: boolean;
  readonly verdicts: readonly Verdict[];
  /** MUST rules that failed. */
  readonly failures: readonly Verdict[];
  /** The report as `GET …/report` gives it. */
  readonly json: Readonly<Record<string, unknown>>;
  toJUnit(): string;
  toMarkdown(): string;
}
/** Which verdicts count. */
export interface ReportOptions {
  /** @default 'MUST' */
  readonly level?: 'MUST' | 'SHOULD';
  /** Only these rules; each must have passed. */
  readonly rules?: readonly string[];
  /** All but these rules. */
  readonly except?: readonly string[];
  /** Closes the run, so that what did not happen counts. @default true */
  readonly final?: boolean;
}

/** How a sandbox begins. */
export interface SandboxSetup {
  readonly scenario?: ScenarioId;
  readonly config?: Knobs;
  readonly clients?: readonly ClientSeed[];
  readonly users?: readonly UserSeed[];
  readonly notes?: readonly NoteSeed[];
  /** Decides every authorization. @default 'ask' */
  readonly consent?: Decision;
  /** Seconds after the last use. */
  readonly ttl?: number;
}

/** An isolated tenant: its own issuer, keys, clients, users, grants, clock, faults and recorder. */
export interface Sandbox extends AsyncDisposable {
  readonly id: string;
  readonly issuer: string;
  readonly controlToken: string;
  /** Addresses for the client under test. */
  readonly mcp: { readonly oauth: string; readonly bearer: string; readonly noAuth: string };
  /** The identifier of the protected resource behind `mcp.oauth`. */
  readonly resource: string;
  /** The page that shows all of this live; null if the server has no pages. */
  readonly inspectUrl: string | null;
  /** Merges knobs. @throws AuthwalkError `invalid_config` */
  configure(knobs: Knobs): Promise<void>;
  readonly clock: {
    /** @param seconds may be negative. @returns the sandbox's time afterwards */
    advance(seconds: number): Promise<Date>;
    set(time: Date | string): Promise<Date>;
    freeze(): Promise<Date>;
    resume(): Promise<Date>;
    reset(): Promise<Date>;
    now(): Promise<Date>;
  };
  readonly consent: {
    /** What every authorization from now on gets. */
    always(decision: Decision): Promise<void>;
    /** What the next one gets, then the one after it: first in, first out. */
    next(...decisions: Decision[]): Promise<void>;
  };
  readonly faults: { add(fault: FaultInput): Promise<Fault>; list(): Promise<Fault[]>; clear(): Promise<void> };
  readonly users: {
    /** Adds a user, or changes the one with this e-mail address. */
    add(user: UserSeed): Promise<User>;
    list(): Promise<User[]>;
  };
  readonly clients: {
    /** Adds a client; one with the same `client_id` is replaced, whole. @returns what it connects with */
    add(client: ClientSeed): Promise<Client>;
    list(): Promise<Client[]>;
  };
  readonly grants: {
    /** Newest first, each with its family of refresh tokens. */
    list(): Promise<Grant[]>;
    revoke(id: string): Promise<void>;
  };
  readonly keys: { rotate(): Promise<void>; replace(jwks: readonly JsonWebKey[]): Promise<void> };
  /** Issues an access token without a flow, for tests of a resource server. @param options `expiresIn` in seconds */
  token(options?: TokenOptions): Promise<string>;
  /** What arrived, oldest first, secrets included. */
  exchanges(endpoint?: EndpointName, sent?: Sent, came?: Came): Promise<Exchange[]>;
  /**
   * The first exchange that matches, at once or when it arrives.
   * @param came `timeout` in milliseconds, 5000 by default
   * @throws AuthwalkError `timeout`, with what did arrive
   */
  waitFor(endpoint: EndpointName, sent?: Sent, came?: Came & { readonly timeout?: number }): Promise<Exchange>;
  /**
   * Plays the user's browser.
   * @returns the redirect to the client, which is not followed unless `deliver`
   */
  visit(authorizationUrl: string | URL, options?: VisitOptions): Promise<URL>;
  report(options?: { readonly final?: boolean }): Promise<Report>;
  /** The run. @param options `reveal`: with secrets, true by default */
  export(format: 'har' | 'curl' | 'playwright', options?: { readonly reveal?: boolean }): Promise<string>;
  /** Forgets everything but the configuration. */
  reset(): Promise<void>;
  delete(): Promise<void>;
}

export interface TokenOptions {
  /** The e-mail address of the user, who is made if there is none. */
  readonly as?: string;
  readonly clientId?: string;
  readonly scope?: string | readonly string[];
  readonly audience?: readonly string[];
  /** Seconds; null: never expires. */
  readonly expiresIn?: number | null;
}
export interface VisitOptions {
  /** The e-mail address of the user. */
  readonly as?: string;
  /** What the user says this time, whatever the sandbox says otherwise. @default 'approve' if the user is asked */
  readonly decision?: Decision;
  /** Follows the redirect to the client. @default false */
  readonly deliver?: boolean;
}

export interface AuthwalkOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** false: no socket; only {@link Authwalk.fetch} reaches it. @default true */
  readonly listen?: boolean;
  /** @default ':memory:' */
  readonly database?: string;
  /** Wall time in milliseconds. The default asks `Date` each time, so that fake timers move the server too. */
  readonly now?: () => number;
  /** Signing keys: from a pool made once in a process, or each sandbox its own. @default 'shared' */
  readonly keys?: 'shared' | 'own';
}

/** A server: its own in this process, or one that runs already. */
export interface Authwalk extends AsyncDisposable {
  /** Without a trailing slash; the issuer of the sandbox `default`. */
  readonly origin: string;
  /** Asks the engine directly, without a socket; redirects are not followed. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Makes a sandbox. @throws AuthwalkError `invalid_config`, `unknown_scenario`, each with all that is wrong */
  sandbox(setup?: SandboxSetup): Promise<Sandbox>;
  /** Ends it. @throws AggregateError of what the engine logged as unexpected: a 500 in a test is never silent */
  close(): Promise<void>;
}
