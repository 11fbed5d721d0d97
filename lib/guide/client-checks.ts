/**
 * What the guide's own client compares before it goes on. Which comparisons belong to which
 * request stands in the track (`what_the_server_does`, `by: client`); how they are made, here.
 */
import type { Exchange } from '#lib/exchange/types.ts';
import { idTokenChecks } from './id-token.ts';
import { jsonOf, queryOf } from '#lib/exchange/read.ts';
import { reason } from '#lib/spec/reasons.ts';
import type { Bag, ClientCheck, Step, StepRequest } from './types.ts';

interface Comparison {
  readonly says: string;
  readonly ok: boolean;
  readonly reason: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}
type Compare = (
  exchange: Exchange,
  bag: Bag,
  memory: Memory,
  request: StepRequest,
) => Comparison[] | Promise<Comparison[]>;

/** What the client remembers of its own request, beside the values in hand. */
export interface Memory {
  /** Whether an authorization request of this browser still waits for its answer. */
  readonly expects: boolean;
  /** The `state` that was really sent; null if it was left out. */
  readonly state: string | null;
  /** The address of the authorization request that was sent; null if none was. */
  readonly asked: string | null;
  /** Whether the metadata promised `iss` in each answer. */
  readonly issPromised: boolean;
  /** Protocol time, ms. */
  readonly now: number;
}

const body = (exchange: Exchange): Record<string, unknown> => jsonOf(exchange.response) ?? {};

const COMPARE: Readonly<Record<string, Compare>> = {
  'client-resource-mismatch': (exchange, bag) => {
    const [expected, got] = [bag.mcp_url?.value, body(exchange).resource];
    return [
      {
        says: 'resource is the address that was called',
        ok: got === expected,
        reason: 'client-resource-mismatch',
        evidence: { expected, got },
      },
    ];
  },
  'client-issuer-mismatch': (exchange, bag, _memory, request) => {
    const asked = request.url.startsWith('{idp_') ? bag.idp_issuer : bag.issuer;
    const [expected, got] = [asked?.value, body(exchange).issuer];
    return [
      {
        says: 'issuer is the one that the address was built from',
        ok: got === expected,
        reason: 'client-issuer-mismatch',
        evidence: { expected, got },
      },
    ];
  },
  'client-no-s256': (exchange) => {
    const got = body(exchange).code_challenge_methods_supported ?? null;
    return [
      {
        says: 'S256 is among the challenge methods',
        ok: Array.isArray(got) && got.includes('S256'),
        reason: 'client-no-s256',
        evidence: { expected: 'S256', got },
      },
    ];
  },
  'client-state-mismatch': (exchange, _bag, memory) => {
    const [expected, got] = [memory.state, queryOf(exchange).get('state')];
    if (!memory.expects)
      return [
        {
          says: 'this browser asked, and waits for an answer',
          ok: false,
          reason: 'client-state-mismatch',
          evidence: { expected: 'no answer', got },
        },
      ];
    return [
      {
        says: expected === null ? 'no state was sent, and none came back' : 'state is the one kept for this browser',
        ok: got === expected,
        reason: 'client-state-mismatch',
        evidence: { expected, got },
      },
    ];
  },
  'client-iss-mismatch': (exchange, bag, memory) => {
    const isProvider = bag.idp_issuer !== undefined && memory.asked?.startsWith(`${bag.idp_issuer.value}/`) === true;
    const asked = isProvider ? bag.idp_issuer : bag.issuer;
    const [expected, got] = [asked?.value ?? null, queryOf(exchange).get('iss')];
    if (got === null)
      return [
        {
          says: 'iss came, as the metadata promised',
          ok: !memory.issPromised,
          reason: 'client-iss-missing',
          evidence: { expected, got },
        },
      ];
    return [
      {
        says: 'iss is the issuer that was asked, letter by letter',
        ok: got === expected,
        reason: 'client-iss-mismatch',
        evidence: { expected, got },
      },
    ];
  },
  'client-id-token-invalid': async (exchange, bag, memory) =>
    (
      await idTokenChecks(bag.id_token?.value ?? '', jsonOf(exchange.response), {
        issuer: bag.issuer?.value ?? null,
        clientId: bag.client_id?.value ?? null,
        nonce: bag.nonce?.value ?? null,
        now: memory.now,
      })
    ).map((one) => ({ ...one, reason: 'client-id-token-invalid' })),
};

/** Reasons that the guide's client can stop for. */
export const clientReasons: readonly string[] = [...Object.keys(COMPARE), 'client-iss-missing'];

/**
 * Makes the client's comparisons on an answer, in the track's order, up to the first that fails.
 * Answers that are errors are not compared: there is nothing in them to believe.
 * @param bag what is held before this answer; `issuer` already from the document before
 */
export async function clientChecks(
  step: Step,
  request: StepRequest,
  exchange: Exchange,
  bag: Bag,
  memory: Memory,
): Promise<ClientCheck[]> {
  if ((exchange.response?.status ?? 0) >= 400) return [];
  const checks: ClientCheck[] = [];
  for (const entry of step.what_the_server_does) {
    if (entry.by !== 'client' || entry.request !== request.id || entry.reason === null) continue;
    for (const { says, ok, reason: id, evidence } of (await COMPARE[entry.reason]?.(exchange, bag, memory, request)) ??
      []) {
      checks.push({
        check: id.replace(/^client-/, ''),
        says,
        ok,
        evidence,
        clause: reason(id)?.clause,
        reason: ok ? null : id,
      });
      if (!ok) return checks;
    }
  }
  return checks;
}
