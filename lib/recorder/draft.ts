/** What the HTTP layer notes of a request while it runs, and the exchange that is made of it later. */
import { boundedBody, makeExchange } from '#lib/exchange/make.ts';
import type { Acted, Change, Check, Evidence, Exchange, Fetched, Party } from '#lib/exchange/types.ts';
import { bounded } from './bounded.ts';
import { scrub } from './redact.ts';

/** What the server established on the way through the request. */
export interface DraftFacts {
  readonly clientId?: string;
  readonly clientName?: string;
  readonly claimed?: boolean;
  readonly grantType?: string;
  readonly grantId?: string;
  readonly rpcMethod?: string;
  readonly tool?: string;
  readonly reason?: string;
  readonly error?: string;
  readonly clause?: string;
  readonly evidence?: Evidence;
}

/** Raw notes: cheap to take, worked out off the request's way. */
export interface Draft {
  readonly sandboxId: string;
  /** Of the sandbox at arrival: what began before a reset is not written after it. */
  readonly epoch: number;
  /** Wall time and protocol time at arrival, ms since the epoch. */
  readonly at: number;
  readonly clock: number;
  /** ms since the epoch at arrival, on a clock that only runs forward. */
  readonly monotonic: number;
  /** ms from arrival to the answer. */
  readonly duration: number;
  readonly endpoint: string;
  readonly from: Party;
  readonly to: Party;
  readonly method: string;
  /** As it was asked for, with its origin. */
  readonly url: string;
  readonly httpVersion: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string | null;
  readonly response: {
    readonly status: number;
    /** Names and values in turn. */
    readonly rawHeaders: readonly string[];
    readonly body: string | null;
    readonly bytes: number;
  } | null;
  readonly delivered: boolean;
  /** Address and port of the other end. */
  readonly connection: string | null;
  readonly facts: DraftFacts;
  readonly checks: readonly Check[];
  readonly acted: readonly Acted[];
  /** The scenario in force at arrival, and the number of the change that set the configuration. */
  readonly scenario: string | null;
  readonly config: number;
  /** What was fetched on the client's word. */
  readonly fetched: readonly Fetched[];
  /** What the exchange changed in the sandbox: stages that it completed. */
  readonly changes: readonly Omit<Change, 'seq'>[];
  /** SHA-256 of the sandbox's control token: where it comes along as a bearer token it is not kept. */
  readonly controlTokenHash: string | null;
}

/** Characters of a name that a client gives: of itself, a method, a tool. */
const LONGEST_NAME = 300;

/** The exchange of a draft, without what is never kept; `seq` is 0 until the store gives it one. */
export function toExchange(draft: Draft): Exchange {
  const { facts, response } = draft;
  const headers = pairsOf(draft.rawHeaders);
  const { method, url, httpVersion } = draft;
  return scrub(
    makeExchange({
      at: draft.at,
      clock: draft.clock,
      monotonic: draft.monotonic,
      duration: draft.duration,
      endpoint: draft.endpoint,
      from: draft.from,
      to: draft.to,
      request: { method, url, httpVersion, headers, ...boundedBody(draft.body) },
      response: response && {
        status: response.status,
        headers: pairsOf(response.rawHeaders),
        ...boundedBody(response.body, response.bytes),
      },
      delivered: draft.delivered,
      client: {
        clientId: facts.clientId ?? null,
        name: facts.clientName?.slice(0, LONGEST_NAME) ?? null,
        ...(facts.claimed === undefined ? {} : { claimed: facts.claimed }),
        connection: draft.connection,
      },
      grantType: facts.grantType ?? null,
      rpcMethod: facts.rpcMethod?.slice(0, LONGEST_NAME) ?? null,
      tool: facts.tool?.slice(0, LONGEST_NAME) ?? null,
      grantId: facts.grantId ?? null,
      between: draft.checks.map(boundedCheck),
      reason: facts.reason ?? null,
      error: facts.error ?? null,
      clause: facts.clause ?? null,
      evidence: facts.evidence === undefined ? null : bounded(facts.evidence),
      acted: draft.acted,
      scenario: draft.scenario,
      config: draft.config,
      fetched: draft.fetched,
    }),
    draft.controlTokenHash,
  );
}

function boundedCheck(check: Check): Check {
  if (check.evidence === undefined) return check;
  const evidence = bounded(check.evidence);
  return evidence === check.evidence ? check : { ...check, evidence };
}

/** The fields of a list of names and values in turn. */
function pairsOf(raw: readonly string[]): [string, string][] {
  const fields: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) fields.push([raw[at]!, raw[at + 1]!]);
  return fields;
}

/** Bytes that it takes in the store, nearly. */
export function exchangeBytes({ request, response, fetched, between, evidence }: Exchange): number {
  const documents = fetched.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);
  const compared = between.reduce((sum, check) => sum + lengthOf(check.evidence), lengthOf(evidence));
  const bodies = (request.body?.length ?? 0) + (response?.body?.length ?? 0);
  return 1500 + request.url.length + bodies + documents + Math.max(0, compared - 1000);
}

/** Characters of what a check compared, nearly. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, item) => sum + 4 + lengthOf(item), 0);
}
