/** A fault, as an owner writes it: which requests misbehave, and how. */
import { z } from 'zod';
import { faultableEndpoints } from '#lib/spec/endpoints.ts';
import { contradictions, isMatchName, neverMatches } from './fault-rules.ts';

/** Endpoints that can misbehave. */
export const FAULTY = faultableEndpoints;

/** ms that an answer may be held back or kept open, and how many of one sandbox may wait at once. */
export const LONGEST_DELAY = 30_000;
export const MOST_DELAYED = 20;

/** Characters of a pattern, and how much of a value it is looked for in. */
export const LONGEST_PATTERN = 200;
export const PATTERN_SEES = 2_048;

/** Headers that a fault may send: those that an OAuth or MCP client reads. */
export const ALLOWED_HEADERS: readonly string[] = [
  'WWW-Authenticate',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Cache-Control',
  'Pragma',
  'Expires',
  'Age',
  'ETag',
  'Date',
  'Vary',
  'Allow',
  'Content-Language',
  'DPoP-Nonce',
  'Mcp-Session-Id',
  'MCP-Protocol-Version',
  'X-Request-Id',
  'Access-Control-Expose-Headers',
  'Access-Control-Allow-Headers',
  'Access-Control-Allow-Methods',
];
const NOT_ALLOWED = `not a header that a fault may send; it may send ${ALLOWED_HEADERS.join(', ')}`;
const ALLOWED: ReadonlySet<string> = new Set(ALLOWED_HEADERS.map((name) => name.toLowerCase()));

const headerValue = z
  .string()
  .max(4000)
  .regex(/^[\t\x20-\x7E]*$/, 'a header value of printable ASCII');

const plain = z.union([z.string().max(2000), z.number(), z.boolean()]);

/** What a parameter or a header is compared with. */
export const matchValue = z.union([
  plain,
  z.strictObject({ matches: z.string().min(1).max(LONGEST_PATTERN) }),
  z.strictObject({ otherThan: z.string().min(1).max(LONGEST_PATTERN) }),
  z.strictObject({ absent: z.literal(true) }),
]);
export type MatchValue = z.output<typeof matchValue>;

const byName = z
  .record(z.string().min(1).max(200), matchValue)
  .refine((values) => Object.keys(values).length <= 20, '20 names at most');

export const faultMatch = z
  .looseObject({
    grant_type: matchValue.optional(),
    rpc_method: matchValue.optional(),
    tool: matchValue.optional(),
    authenticated: z.boolean().optional(),
    location: z.string().max(50).optional(),
    method: z.string().max(20).optional(),
    /** Parameters of the form, the query or the JSON body, by name. */
    parameters: byName.optional(),
    headers: byName.optional(),
  })
  .superRefine((match, context) => {
    if (Object.keys(match).length > 20) context.addIssue({ code: 'custom', message: '20 names at most' });
    for (const [name, value] of Object.entries(match))
      if (!isMatchName(name) && !matchValue.safeParse(value).success)
        context.addIssue({
          code: 'custom',
          path: [name],
          message:
            'takes a text, a number, true or false, { matches: pattern }, { otherThan: pattern } or { absent: true }',
        });
  });

export const faultEffect = z.strictObject({
  status: z.number().int().min(200).max(599).optional(),
  headers: z
    .record(z.string().max(100), headerValue)
    .superRefine((headers, context) => {
      const names = Object.keys(headers);
      if (names.length > 30) context.addIssue({ code: 'custom', message: '30 headers at most' });
      for (const name of names)
        if (!ALLOWED.has(name.toLowerCase())) context.addIssue({ code: 'custom', path: [name], message: NOT_ALLOWED });
    })
    .optional(),
  body: z.union([z.string().max(65_536), z.record(z.string(), z.json()), z.array(z.json())]).optional(),
  content_type: z
    .string()
    .regex(
      /^(?:application\/json|text\/plain|text\/html|text\/event-stream)(?:;\s*charset=utf-8)?$/i,
      'application/json, text/plain, text/html or text/event-stream',
    )
    .optional(),
  error: z
    .string()
    .regex(
      /^[\x20-\x21\x23-\x5B\x5D-\x7E]{1,100}$/,
      'an error code: printable ASCII without double quotes and backslashes',
    )
    .optional(),
  /** ms before the answer. */
  delay_ms: z.number().int().min(0).max(LONGEST_DELAY).optional(),
  /** ms that the answer stays open after what it holds was sent. */
  hang_ms: z.number().int().min(1).max(LONGEST_DELAY).optional(),
  drop: z.boolean().optional(),
  committed: z.boolean().optional(),
  /** Holds requests until so many have arrived, and lets them through in this order. */
  hold: z
    .strictObject({
      until: z.number().int().min(2).max(10),
      order: z.array(z.number().int().min(1).max(10)).max(10).optional(),
    })
    .optional(),
});

export const faultSchema = z
  .strictObject({
    endpoint: z.enum(FAULTY),
    match: faultMatch.optional(),
    nth: z.number().int().min(1).max(1_000_000).default(1),
    times: z.union([z.literal('always'), z.number().int().min(1).max(1_000_000)]).default(1),
    client_id: z.string().max(2000).optional(),
    /** Of several faults that match, the one with the highest acts. */
    priority: z.number().int().min(-1000).max(1000).optional(),
    effect: faultEffect,
  })
  .superRefine((fault, context) => {
    for (const { path, says } of [...neverMatches(fault), ...contradictions(fault.effect)])
      context.addIssue({ code: 'custom', path: [...path], message: says });
  });

export type Fault = z.output<typeof faultSchema>;
export type Effect = Fault['effect'];
