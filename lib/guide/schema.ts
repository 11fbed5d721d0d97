/**
 * The schema of a track's YAML. Unknown members are faults: a field that nothing reads is a text
 * that nobody sees.
 */
import { z } from 'zod';
import { conditionNames } from '#lib/exchange/conditions.ts';
import { ops } from './ops/index.ts';
import type { ArgumentType } from './ops/op.ts';
import { predicates } from './predicates/index.ts';

const party = z.enum(['you', 'client', 'as', 'mcp']);
const text = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const parameter = z
  .strictObject({
    name: text,
    in: z.enum(['query', 'form', 'json', 'header', 'path']),
    at: z.string().startsWith('/').optional(),
    value: scalar,
    clause: text,
    meaning: text,
    where_from: text,
    editable: z.boolean(),
    optional: z.boolean(),
  })
  .transform((p) => (p.in === 'json' && p.at === undefined ? { ...p, at: `/${p.name}` } : p));

const request = z.strictObject({
  id: text,
  title: text,
  from: party,
  to: party,
  method: text,
  url: text,
  headers: z.array(z.strictObject({ name: text, value: scalar })).default([]),
  body: z.json().default(null),
  parameters: z.array(parameter).default([]),
  navigates: z.boolean().default(false),
  sends_when: z.string().nullable().default(null),
});

const counted = z.strictObject({ min: z.number().int().optional(), max: z.number().int().optional() });
/** An object with these members and no others: what the code implements is what a track may say. */
function membersOf(names: Iterable<string>) {
  return z.strictObject(Object.fromEntries([...names].map((name) => [name, z.unknown().optional()])));
}
const inner = {
  held: z.string().optional(),
  that: membersOf(predicates.that.keys()).optional(),
  server: z.enum([...predicates.server.keys()] as [string, ...string[]]).optional(),
  where: z.record(z.string(), z.string()).optional(),
  seen: membersOf(predicates.seen.keys()).optional(),
  count: counted.optional(),
};
const term = z.strictObject({ ...inner, not: z.strictObject(inner).optional() });

const argument: Readonly<Record<ArgumentType, z.ZodType>> = {
  string: z.string(),
  number: z.number(),
  boolean: z.boolean(),
  names: z.array(z.string()),
  record: z.record(z.string(), z.unknown()),
  any: z.unknown(),
};
/** One operation, with the arguments that its file in `ops/` takes. */
const change = z.discriminatedUnion(
  'op',
  [...ops.values()].map((op) =>
    z.strictObject({
      op: z.literal(op.op),
      ...Object.fromEntries(
        Object.entries(op.takes).map(([name, type]) => {
          const schema = argument[type.replace('?', '') as ArgumentType];
          return [name, type.endsWith('?') ? schema.optional() : schema];
        }),
      ),
    }),
  ) as [z.ZodObject<{ op: z.ZodLiteral<string> }>, ...z.ZodObject<{ op: z.ZodLiteral<string> }>[]],
);

const see = z.strictObject({
  rules: z.array(z.string()).optional(),
  scenarios: z.array(z.string()).optional(),
  tracks: z.array(z.string()).optional(),
  attacks: z.array(z.string()).optional(),
  experiments: z.array(z.string()).optional(),
});

const experiment = z.strictObject({
  id: text,
  letter: z.string().length(1),
  title: text,
  kind: z.enum(['strictness', 'attack', 'clock', 'concurrency']),
  opens: z.string().nullable().default(null),
  change: z.array(change).default([]),
  question: z.string().default(''),
  options: z.array(z.strictObject({ text, right: z.boolean().default(false) })).default([]),
  expected: z
    .strictObject({
      status: z.number().int().nullable(),
      error: z.string().optional(),
      shown: z.enum(['page', 'redirect', 'json', 'challenge', 'client', 'consent']),
      reason: z.string().optional(),
      also: z.string().optional(),
    })
    .nullable()
    .default(null),
  why: z.string().default(''),
  clauses: z.array(z.string()).default([]),
  elsewhere: z.string().nullable().default(null),
  see: see.default({}),
});

const step = z.strictObject({
  id: text,
  number: z.number().int(),
  title: text,
  lede: text,
  margin_note: text,
  actor_from: party,
  actor_to: party,
  action: text,
  action_note: z.string().default(''),
  knobs: z.record(z.string(), z.unknown()).default({}),
  prelude: z.array(change).default([]),
  requests: z.array(request).min(1),
  values_made: z.array(z.strictObject({ value: text, by: party, note: text })),
  what_the_server_does: z.array(
    z.strictObject({ does: text, reason: z.string().nullable().default(null), request: text, by: party }),
  ),
  notes: z.array(
    z.strictObject({
      request: text,
      side: z.enum(['request', 'response']),
      lemma: text,
      note: text,
      clause: z.string().nullable().default(null),
      when: membersOf(conditionNames).default({}),
      /** It speaks of what came before in the walk: beside the same line of a sandbox it may not be true. */
      walk_only: z.literal(true).optional(),
    }),
  ),
  done_when: z.array(z.strictObject({ says: text, all: z.array(term).min(1) })).min(1),
  result_line: text,
  waits_for: z.strictObject({ value: text, says: text }).nullable(),
  if_it_fails: z.array(z.strictObject({ edit: text, reason: z.string().nullable(), explain: text })),
});

/** `experiments.yaml` of a track: by step. */
export const experimentsSchema = z.record(z.string(), z.array(experiment));

const beginsWith = z.strictObject({
  track: text,
  step: text.optional(),
  until: text.optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  as: text.optional(),
});

/** `track.yaml` of a track. */
export const trackSchema = z.strictObject({
  id: text,
  title: text,
  number: z.number().int(),
  /** Heading in the list of tracks. */
  group: text,
  main: z.boolean().default(false),
  minutes: z.number().int(),
  teaches: text,
  for_whom: text,
  prerequisites: z.array(z.string()),
  revision_notes: z.array(z.strictObject({ revision: text, says: text })).default([]),
  ends_with: text,
  /** The reader's own MCP server may stand in for the sandbox's. */
  stand_in: z.boolean().default(false),
  /** Knobs that the sandbox of this track has from the start. */
  knobs: z.record(z.string(), z.unknown()).default({}),
  begins_with: z.array(beginsWith).default([]),
  steps: z.array(step).min(1),
});

/** `_values.yaml`. */
export const valuesSchema = z.array(
  z.strictObject({
    name: text,
    made_by: z.enum(['you', 'client', 'as', 'mcp', 'attacker']),
    secret: z.boolean(),
    says: text,
  }),
);

/** `_glossary.yaml`. */
export const glossarySchema = z.array(
  z.strictObject({
    id: text,
    term: text,
    also: z.array(text).default([]),
    says: text,
    clause: z.string().nullable().default(null),
  }),
);

const legend = z.array(z.strictObject({ mark: text, says: text }));
const figure = z.discriminatedUnion('id', [
  z.strictObject({
    id: z.literal('wire'),
    title: text,
    numbering: text,
    caption: text,
    empty: text,
    legend,
    variants: z.array(z.strictObject({ id: text, title: text, caption: text })),
    alt: z.strictObject({ title: text, done: text, next: text, failed: text, silent: text }),
  }),
  z.strictObject({
    id: z.literal('holdings'),
    title: text,
    caption: text,
    columns: z.array(party),
    rows: z.array(text),
    row_labels: z.record(z.string(), z.string()),
    relations: legend,
    absent: z.record(z.string(), z.string()),
    alt: text,
  }),
  z.strictObject({
    id: z.literal('code-life'),
    title: text,
    caption: text,
    states: z.record(z.string(), z.string()),
    announce: z.array(z.number()),
  }),
  z.strictObject({
    id: z.literal('run-chart'),
    title: text,
    numbering: text,
    caption: text,
    empty: text,
    legend,
    closing: z.strictObject({ says: text, verifier: text, over: text, alive: text }),
    alt: z.strictObject({ title: text, value: text }),
  }),
]);

/** `_figures.yaml`. */
export const figuresSchema = z.array(figure).transform((list, ctx) => {
  const by = Object.fromEntries(list.map((entry) => [entry.id, entry]));
  for (const id of ['wire', 'holdings', 'code-life', 'run-chart']) {
    if (!by[id]) ctx.addIssue({ code: 'custom', message: `there is no figure ${id}` });
  }
  type Of<I extends string> = Extract<(typeof list)[number], { id: I }>;
  return {
    wire: by.wire as Of<'wire'>,
    holdings: by.holdings as Of<'holdings'>,
    code_life: by['code-life'] as Of<'code-life'>,
    run_chart: by['run-chart'] as Of<'run-chart'>,
  };
});
