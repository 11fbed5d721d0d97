/** A fault, as an owner writes it: which requests misbehave, and how. */
import { z } from 'zod';
import { faultableEndpoints } from '#lib/spec/endpoints.ts';

/** Endpoints that can misbehave. */
export const FAULTY = faultableEndpoints;

/** ms that an answer may be held back, and how many of one sandbox may wait at once. */
export const LONGEST_DELAY = 30_000;
export const MOST_DELAYED = 20;

/** Headers that no fault may send: they would act on the reader's browser, or on the connection. */
const REFUSED_HEADERS: ReadonlySet<string> = new Set([
  'set-cookie',
  'content-security-policy',
  'clear-site-data',
  'refresh',
  'link',
  'alt-svc',
  'service-worker-allowed',
  'strict-transport-security',
  'content-security-policy-report-only',
  'x-content-type-options',
  'x-frame-options',
  'content-type',
  'content-length',
  'content-encoding',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'report-to',
  'reporting-endpoints',
  'nel',
  'speculation-rules',
  'sourcemap',
  'x-sourcemap',
  'x-hono-already-sent',
]);

const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/, 'a header name')
  .refine((name) => !REFUSED_HEADERS.has(name.toLowerCase()), 'a header that no fault may send');
const headerValue = z
  .string()
  .max(4000)
  .regex(/^[\t\x20-\x7E]*$/, 'a header value of printable ASCII');
const plain = z.union([z.string().max(2000), z.number(), z.boolean()]);

export const faultSchema = z
  .strictObject({
    endpoint: z.enum(FAULTY),
    match: z
      .looseObject({
        grant_type: z.string().max(200).optional(),
        rpc_method: z.string().max(200).optional(),
        tool: z.string().max(200).optional(),
        authenticated: z.boolean().optional(),
        location: z.string().max(50).optional(),
        /** Parameters of the form or the query, and headers, by name. */
        parameters: z.record(z.string().max(200), plain).optional(),
        headers: z.record(z.string().max(200), plain).optional(),
      })
      .optional(),
    nth: z.number().int().min(1).max(1_000_000).default(1),
    times: z.union([z.literal('always'), z.number().int().min(1).max(1_000_000)]).default(1),
    client_id: z.string().max(2000).optional(),
    effect: z
      .strictObject({
        status: z.number().int().min(200).max(599).optional(),
        headers: z
          .record(headerName, headerValue)
          .refine((headers) => Object.keys(headers).length <= 30, '30 headers at most')
          .optional(),
        body: z.union([z.string().max(65_536), z.record(z.string(), z.json()), z.array(z.json())]).optional(),
        content_type: z
          .string()
          .regex(
            /^(?:application\/json|text\/plain|text\/html)(?:;\s*charset=utf-8)?$/i,
            'application/json, text/plain or text/html',
          )
          .optional(),
        error: z
          .string()
          .regex(/^[\x20-\x21\x23-\x5B\x5D-\x7E]{1,100}$/, 'an error code: printable ASCII without " and \\')
          .optional(),
        delay_ms: z.number().int().min(0).max(LONGEST_DELAY).optional(),
        drop: z.boolean().optional(),
        committed: z.boolean().optional(),
        /** Holds requests until so many have arrived, and lets them through in this order. */
        hold: z
          .strictObject({
            until: z.number().int().min(2).max(10),
            order: z.array(z.number().int().min(1).max(10)).max(10).optional(),
          })
          .optional(),
      })
      .refine(
        (effect) => Object.keys(effect).some((name) => name !== 'committed'),
        'an effect that does something: status, headers, body, error, delay_ms, drop or hold',
      ),
  })
  .refine(
    ({ match }) => Object.entries(match ?? {}).every(([name, value]) => NESTED.has(name) || typeof value !== 'object'),
    'match compares parameters and headers with plain values',
  );

const NESTED: ReadonlySet<string> = new Set(['parameters', 'headers']);

export type Fault = z.output<typeof faultSchema>;
export type Effect = Fault['effect'];
