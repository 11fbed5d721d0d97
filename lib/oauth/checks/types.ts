/** Types that checks share. This file imports nothing else of this room. */
import type { Check as CheckEntry } from '#lib/exchange/types.ts';
import type { ClauseId } from '#lib/spec/clauses.ts';

/** What was expected and what was received: shown to the learner, kept by the recorder. Must hold no secrets. */
export interface Evidence {
  readonly expected?: unknown;
  readonly got?: unknown;
  readonly [detail: string]: unknown;
}

/** What happened on the way through one request; the recorder keeps it. */
export interface Trace {
  /** Adds one check, in order. Only `checks/check.ts` calls it. */
  check(entry: CheckEntry): void;
  /** Adds what is known of the request by now. */
  set(facts: Partial<TraceFacts>): void;
  readonly checks: readonly CheckEntry[];
  readonly facts: Readonly<Partial<TraceFacts>>;
}

export interface TraceFacts {
  clientId: string;
  clientName: string;
  grantType: string;
  grantId: string;
  rpcMethod: string;
  tool: string;
  reason: string;
  error: string;
  clause: string;
  evidence: Readonly<Record<string, unknown>>;
  acted: { kind: 'fault' | 'knob' | 'stage' | 'patch'; name: string };
}

interface CheckBase<Input> {
  /** Its name, and the name of its file. */
  readonly name: string;
  /** What holds if it passes, in words; a function if the words depend on the input. */
  readonly says: string | ((input: Input) => string);
  readonly clause: ClauseId;
}

/** A named pure function that throws one typed error, with the sentence that the recorder shows. */
export interface Check<Input> extends CheckBase<Input> {
  /**
   * @returns what it compared, without secrets, or nothing
   * @throws OAuthError if it does not hold
   */
  readonly test: (input: Input) => Evidence | undefined;
}

/** A check that has to wait for something: a signature, the store. What it waits for comes in with the input. */
export interface AsyncCheck<Input> extends CheckBase<Input> {
  /**
   * @returns what it compared, without secrets, or nothing
   * @throws OAuthError if it does not hold
   */
  readonly test: (input: Input) => Promise<Evidence | undefined>;
}

/** Which server looks at a DPoP proof, the authorization server or a resource: each has its nonces and its errors. */
export type DpopServer = 'as' | 'rs';

/** What the checks need to know of a grant type. */
export interface GrantKind {
  /** The value of `grant_type`. */
  readonly grantType: string;
  /** Closed to public clients: a name alone would be enough to act as the client. */
  readonly confidential?: boolean;
  /** Open to clients that did not register for it. */
  readonly unregistered?: boolean;
}

export type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** How a client says who it is, and what it proves that with. */
export interface Credentials {
  readonly method: AuthMethod;
  /** Undefined if the request names no client, or in a way that cannot be read. */
  readonly clientId: string | undefined;
  readonly secret?: string;
  readonly assertion?: string;
}

/** The credentials of a request, by each of the ways in which they can come. */
export interface Presented {
  readonly basic: { readonly clientId: string | undefined; readonly secret: string } | null;
  readonly bodyClientId: string | undefined;
  readonly bodySecret: string | undefined;
  readonly assertion: string | undefined;
  readonly assertionType: string | undefined;
}
