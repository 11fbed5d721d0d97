/**
 * The schema of a level's YAML. Unknown members are faults, and so is a predicate or a move that nobody implements.
 * A level can be somebody's own, so that every text and list is bounded.
 */
import { z } from 'zod';
import { levelPredicates } from './judge.ts';
import { FORBIDDEN, moveIds } from './moves.ts';

const text = z.string().trim().min(1, 'it is empty').max(400, 'it is longer than 400 characters');
const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'an id has 2 to 40 small letters, digits and hyphens, and begins with a letter');
const move = z.enum(moveIds as [string, ...string[]]);
const scalar = z.union([z.string().max(2000), z.number(), z.boolean()]);
const wanted = z.union([scalar, z.null(), z.array(scalar).max(20), z.record(z.string(), z.number())]);

/** An object with these members and no others: what the code implements is what a level may say. */
function membersOf(names: Iterable<string>) {
  return z.strictObject(Object.fromEntries([...names].map((name) => [name, wanted.optional()])));
}

const inner = {
  held: z.string().max(60).optional(),
  that: membersOf(levelPredicates.that.keys()).optional(),
  server: z.enum([...levelPredicates.server.keys()] as [string, ...string[]]).optional(),
  where: z.record(z.string(), scalar.transform(String)).optional(),
  seen: membersOf(levelPredicates.seen.keys()).optional(),
  count: z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() }).optional(),
  each: z.strictObject({ hours_apart: z.number().positive() }).optional(),
};

const one = ['held', 'server', 'seen'] as const;
const isOne = (term: Readonly<Record<string, unknown>>): boolean =>
  one.filter((name) => term[name] !== undefined).length === 1;
const ONE = 'a term has exactly one of held, server and seen';
const term = z
  .strictObject({ says: text, ...inner, not: z.strictObject(inner).refine(isOne, ONE).optional() })
  .refine((whole) => (whole.not ? one.every((name) => whole[name] === undefined) : isOne(whole)), ONE);

const begin = z
  .strictObject({
    track: id,
    step: z.string().max(60).optional(),
    until: z.string().max(60).optional(),
    with: z.record(z.string(), z.unknown()).optional(),
    as: z.string().max(60).optional(),
  })
  .refine((value) => (value.step === undefined) !== (value.until === undefined), 'name either step or until');

const solutionMove = z.strictObject({
  says: text,
  move,
  set: z.record(z.string().max(60), scalar.transform(String)).default({}),
  without: z.array(z.string().max(60)).max(20).default([]),
  seconds: z.number().positive().max(31_536_000).nullable().default(null),
});

/** A move by its name, or with the parameters that are shown at once. */
const allowedMove = z.preprocess(
  (value) => (typeof value === 'string' ? { move: value } : value),
  z.strictObject({ move, shows: z.array(z.string().max(60)).max(12).default([]) }),
);

export const levelSchema = z
  .strictObject({
    id,
    number: z.int().min(0).max(99).default(0),
    title: text.max(40, 'it is longer than 40 characters'),
    goal: z.strictObject({ says: text, all: z.array(term).min(1).max(8) }),
    start: z
      .strictObject({
        done: z.array(begin).max(4).default([]),
        knobs: z.record(z.string(), z.unknown()).default({}),
      })
      .default({ done: [], knobs: {} }),
    allowed: z.array(allowedMove).min(1).max(moveIds.length),
    forbidden: z.array(z.enum(FORBIDDEN)).default([]),
    par: z.int().min(1).max(30),
    hint: text,
    solution: z.array(solutionMove).min(1).max(40),
    teaches: text,
    clauses: z.array(z.string().max(60)).max(4).default([]),
  })
  .superRefine((level, ctx) => {
    const allowed = new Set(level.allowed.map((one) => one.move));
    level.solution.forEach((step, index) => {
      if (!allowed.has(step.move))
        ctx.addIssue({
          code: 'custom',
          path: ['solution', index, 'move'],
          message: `the solution makes the move ${step.move}, which is not among those allowed`,
        });
      if ((step.move === 'advance') !== (step.seconds !== null))
        ctx.addIssue({
          code: 'custom',
          path: ['solution', index, 'seconds'],
          message: 'the move advance says how many seconds, and no other does',
        });
    });
  });

export type LevelSource = z.output<typeof levelSchema>;
