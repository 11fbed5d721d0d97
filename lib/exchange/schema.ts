/** Exchanges and changes as zod schemas: what the control API answers, what OpenAPI documents, what the kit reads. */
import { z } from 'zod';
import {
  type Change,
  changeKinds,
  changeMakers,
  type Exchange,
  type Json,
  type LedgerEntry,
  type LedgerFacts,
} from './types.ts';

const party = z.enum(['you', 'client', 'as', 'mcp']);
const json = z.json() as z.ZodType<Json>;
const evidence = z.record(z.string(), z.unknown()).readonly();
const headers = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

const message = {
  headers,
  body: z.string().nullable(),
  truncatedFrom: z.number().int().exactOptional(),
};

export const checkSchema = z.object({
  check: z.string(),
  says: z.string(),
  ok: z.boolean(),
  evidence: evidence.exactOptional(),
  clause: z.string().exactOptional(),
});

const fetchedSchema = z.object({
  url: z.string(),
  status: z.number().int().nullable(),
  headers,
  body: z.string().nullable(),
  problem: z.enum(['refused', 'unreachable', 'timeout']).nullable(),
});

/** One exchange, as `GET /api/sandboxes/{id}/exchanges` gives it. */
export const exchangeSchema = z.object({
  seq: z.number().int(),
  at: z.string(),
  clock: z.string(),
  monotonic: z.number(),
  duration: z.number(),
  from: party,
  to: party,
  endpoint: z.string(),
  request: z.object({ ...message, method: z.string(), url: z.string(), httpVersion: z.string() }),
  response: z.object({ ...message, status: z.number().int(), statusText: z.string() }).nullable(),
  delivered: z.boolean(),
  client: z.object({
    clientId: z.string().nullable(),
    name: z.string().nullable(),
    userAgent: z.string().nullable(),
    connection: z.string().nullable(),
    claimed: z.boolean().exactOptional(),
  }),
  grantType: z.string().nullable(),
  rpcMethod: z.string().nullable(),
  tool: z.string().nullable(),
  grantId: z.string().nullable(),
  parameters: z.record(z.string(), json).readonly(),
  traceId: z.string().nullable(),
  between: z.array(checkSchema).readonly(),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  clause: z.string().nullable(),
  evidence: evidence.nullable(),
  acted: z.array(z.object({ kind: z.enum(['fault', 'knob', 'stage', 'patch']), name: z.string() })).readonly(),
  scenario: z.string().nullable(),
  config: z.number().int(),
  fetched: z.array(fetchedSchema).readonly(),
  redacted: z.array(z.string()).readonly(),
});

/** One change, as `GET /api/sandboxes/{id}/exchanges?changes=1` gives it among the exchanges. */
export const changeSchema = z.object({
  kind: z.literal('change'),
  seq: z.number().int(),
  at: z.string(),
  monotonic: z.number(),
  by: z.enum(changeMakers),
  what: z.enum(changeKinds),
  config: z.number().int(),
  scenario: z.string().nullable(),
  did: z
    .object({
      method: z.string(),
      path: z.string(),
      body: json,
      made: z.record(z.string(), z.string()).readonly().exactOptional(),
      before: z.object({ config: json, scenario: z.string().nullable() }).exactOptional(),
    })
    .nullable(),
  event: json.exactOptional(),
});

/** What is known of the ledger as a whole: beside the exchanges in the answer of `GET …/exchanges`. */
export const ledgerFactsSchema = z.object({
  seen: z.object({ prm: z.string().nullable(), as_metadata: z.record(z.string(), z.string()).readonly() }),
  forgotten_clients: z.array(z.string()).readonly(),
  first_kept: z.number().int().nullable(),
  own_origin: z.boolean(),
});

export const ledgerEntrySchema = z.union([changeSchema, exchangeSchema]);

/** Compiles only while each schema and its type in `types.ts` accept the same values. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const held: [
  Same<z.output<typeof exchangeSchema>, Exchange>,
  Same<z.output<typeof changeSchema>, Change>,
  Same<z.output<typeof ledgerEntrySchema>, LedgerEntry>,
  Same<z.output<typeof ledgerFactsSchema>, LedgerFacts>,
] = [true, true, true, true];
void held;
