/**
 * Where values come from. Each value that is not the JSON member of its own name has a file: in `read/` if an answer
 * brings it, in `make/` if the client makes it, in `derive/` if it follows from others. `index.ts` lists them.
 */
import { queryOf, redirectOf } from '#lib/exchange/read.ts';
import type { Bag, Exchange, StepRequest } from '../types.ts';

/** A value that an answer brings. */
export interface Read {
  readonly value: string;
  /** Null or undefined: this answer does not bring it. */
  readonly read: (exchange: Exchange, request: StepRequest) => string | null | undefined;
  /** Also read if a step declares one of these, or (`*`) at every step. */
  readonly with?: readonly string[] | '*';
}

/** Values that the client makes before it asks. */
export interface Make {
  readonly values: readonly string[];
  readonly make: (keys: MadeKeys) => Promise<Readonly<Record<string, string>>>;
}

/** What makes a key pair; the private part stays with it. */
export interface MadeKeys {
  /** @returns the public part as JSON, and its thumbprint */
  makeKey(): Promise<{ readonly jwk: string; readonly jkt: string }>;
}

/** A value that follows from others in hand. */
export interface Derive {
  readonly value: string;
  /** Null: what it follows from is not held. */
  readonly derive: (bag: Bag) => string | null;
}

/** A string, or a number as one; else null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

/** An authorization request that a made-up user approved without a page (`auto_approve`); null if it is none. */
export function approvedWithout(exchange: Exchange): { readonly scope: string | null } | null {
  if (exchange.endpoint !== 'authorize' || queryOf(exchange).get('auto_approve') !== 'true') return null;
  return redirectOf(exchange)?.parameters.has('code') ? { scope: queryOf(exchange).get('scope') } : null;
}

/** Whether an exchange is a person's decision on a page of the server: the form that approves or denies. */
export function isDecision({ endpoint, request, response }: Exchange): boolean {
  return (
    ['authorize', 'consent', 'activate'].includes(endpoint) &&
    request.method === 'POST' &&
    (response?.status ?? 500) < 400
  );
}
