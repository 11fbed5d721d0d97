/** Classes: a teacher makes one, participants join it and say how far they are, the wall shows it. */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import { classAnswer, joinedAnswer, wallAnswer } from '#lib/spec/answers.ts';
import { MOST_MASKED, maskOpaque } from '#lib/exchange/masked.ts';
import type { ClassRecord } from '#lib/store/store.ts';
import {
  CLASS_LIFE,
  type ClassData,
  className,
  classNews,
  dataOf,
  findClass,
  type MemberData,
  memberData,
  wallOf,
  wallStream,
} from '../classes.ts';
import { bearerToken, demandToken } from '../control.ts';
import { ControlError } from '../errors.ts';
import { limitHeaders } from '../limits.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';

/** Classes, and joins, that an address may make in an hour. */
const CLASSES_AN_HOUR = 20;
const JOINS_AN_HOUR = 200;
/** How often a name, or a change, is tried again because another request was quicker. */
const ATTEMPTS = 20;

const slug = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, { error: 'takes small letters, digits, dots and hyphens' });
const person = z
  .string()
  .regex(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} .'’-]{0,29}$/u, { error: 'takes a name of 30 letters at most' });
const createSchema = z.strictObject({ track: slug.default('authorization-code') });
const refusalSchema = z.strictObject({ step: slug, reason: slug });
const changeSchema = z.strictObject({
  open: z.boolean().optional(),
  shown: z.array(slug).max(100).optional(),
  presents: slug.nullable().optional().describe('The step that is presented to all; null: none'),
  frozen: z
    .boolean()
    .optional()
    .describe('Whether the clocks of all are to stand still. The page of each participant stops that of its sandbox'),
  asks: refusalSchema
    .nullable()
    .optional()
    .describe('The refusal of which the wall would like to see one, without its owner; null: none'),
  one: z.null().optional().describe('null puts away the exchange that is shown'),
});
const joinSchema = z.strictObject({ name: person.optional().describe('Shown on the wall. None by default.') });
const placeSchema = z.strictObject({
  step: slug,
  state: z.enum(['moving', 'stuck']).default('moving').describe('stuck: the same refusal twice.'),
  reason: slug.nullable().default(null).describe('Id of the reason of the refusal.'),
  guesses: z
    .record(slug, z.int().min(0).max(2))
    .refine((all) => Object.keys(all).length <= 40, { error: 'takes 40 guesses at most' })
    .default({}),
});

const side = z
  .string()
  .min(1)
  .max(4 * MOST_MASKED);
const shownSchema = z.strictObject({
  ...refusalSchema.shape,
  request: side.describe('As its owner chose to show it. What looks like an identifier is masked once more.'),
  response: side,
});

export function classRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false } as const;
  const answer = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
  const view = (ctx: Context, record: ClassRecord): Record<string, unknown> => ({
    id: record.id,
    track: dataOf(record).track,
    open: dataOf(record).open,
    presents: dataOf(record).presents ?? null,
    frozen: dataOf(record).frozen ?? false,
    asks: dataOf(record).asks ?? null,
    created_at: new Date(record.createdAt).toISOString(),
    expires_at: new Date(record.expiresAt).toISOString(),
    join_url: `${ctx.tenant.origin}/c/${record.id}`,
  });
  /** @throws ControlError 404, 401 */
  const open = async (ctx: Context, id = ''): Promise<ClassRecord> => {
    const record = await findClass(parts, id);
    demandToken(parts.site, ctx.request, record.controlTokenHash, 'the token of this wall', ctx);
    return record;
  };
  const tell = (id: string): void => classNews(parts.store).tell(id);
  const wall = async (id: string): Promise<Record<string, unknown>> => {
    const record = await findClass(parts, id);
    const { track, open: isOpen, shown, frozen = false, asks = null, one = null } = dataOf(record);
    const created = new Date(record.createdAt).toISOString();
    return {
      ...wallOf(record, await parts.store.listClassMembers(id)),
      ...{ track, open: isOpen, shown, frozen, asks, one, created_at: created },
    };
  };
  /** Takes a point of an address. @throws OAuthError 429 */
  const limited = async (name: string, ctx: Context, most: number): Promise<Record<string, string>> =>
    parts.limiter.on ? limitHeaders(await parts.limiter.take(name, ctx.remoteAddress, most, 3600), 3600) : {};
  /** The token of a participant, hashed. @throws ControlError 401 */
  const memberOf = (ctx: Context): string => {
    const token = bearerToken(ctx.request);
    if (token === null)
      throw new ControlError(401, 'invalid_token', 'This takes the token of a participant, as Bearer.');
    return sha256(token);
  };
  const gone = (): ControlError =>
    new ControlError(404, 'not_found', 'There is no such participant: they have left, or the class has ended.');

  return [
    {
      ...common,
      endpoint: 'classes',
      path: '/api/classes',
      methods: {
        POST: operation({
          id: 'createClass',
          summary: 'Make a class: one link for many participants',
          input: createSchema,
          answers: {
            201: { description: 'The class, with the token of its wall, shown this once.', schema: classAnswer },
          },
          async handle(ctx, { input }) {
            const headers = await limited('classes', ctx, CLASSES_AN_HOUR);
            const token = parts.random(32);
            const now = parts.wall();
            const data: ClassData = { track: input.track, open: true, shown: [] };
            for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
              const record: ClassRecord = {
                id: className(parts.random),
                controlTokenHash: sha256(token),
                addressHash: sha256(ctx.remoteAddress),
                data: { ...data },
                createdAt: now,
                expiresAt: now + CLASS_LIFE,
                version: 1,
              };
              if (!(await parts.store.createClass(record))) continue;
              const made = { ...view(ctx, record), control_token: token };
              const address = `${ctx.tenant.origin}/class/${record.id}#control=${token}`;
              return answer({ ...made, wall_url: address }, 201, headers);
            }
            throw new ControlError(503, 'temporarily_unavailable', 'No name was free. Try again.');
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'class',
      path: '/api/classes/:class',
      methods: {
        GET: operation({
          id: 'readClass',
          summary: 'What a class is about, for those who may join it',
          answers: { 200: { description: 'The class.', schema: classAnswer } },
          handle: async (ctx, { params }) => answer(view(ctx, await findClass(parts, params.class ?? ''))),
        }),
        PATCH: operation({
          id: 'changeClass',
          summary: 'Close the door of a class, show guesses, stop all clocks, or say which step is presented',
          input: changeSchema,
          answers: { 200: { description: 'The class.', schema: classAnswer } },
          async handle(ctx, { params, input }) {
            for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
              const record = await open(ctx, params.class);
              const changed = await parts.store.updateClass(record.id, { ...record.data, ...input }, record.version);
              if (changed === null) continue;
              tell(record.id);
              return answer(view(ctx, changed));
            }
            throw new ControlError(409, 'conflict', 'The class changes all the time. Try again.');
          },
        }),
        DELETE: operation({
          id: 'endClass',
          summary: 'End a class, and forget its participants',
          answers: { 204: 'Ended.' },
          async handle(ctx, { params }) {
            const { id } = await open(ctx, params.class);
            await parts.store.deleteClass(id);
            tell(id);
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'class-members',
      path: '/api/classes/:class/members',
      methods: {
        POST: operation({
          id: 'joinClass',
          summary: 'Join a class',
          input: joinSchema,
          answers: {
            201: { description: 'The token of the participant.', schema: joinedAnswer },
            409: 'The door is closed.',
          },
          async handle(ctx, { params, input }) {
            const record = await findClass(parts, params.class ?? '');
            if (!dataOf(record).open)
              throw new ControlError(409, 'conflict', 'This class is closed for new participants. Ask its teacher.');
            const headers = await limited('class-joins', ctx, JOINS_AN_HOUR);
            const token = parts.random(32);
            const now = parts.wall();
            const data: MemberData = { step: '', state: 'moving', reason: null, guesses: {}, name: input.name ?? null };
            const member = { memberHash: sha256(token), data: { ...data }, joinedAt: now, seenAt: now };
            if (!(await parts.store.joinClass(record.id, member))) throw gone();
            tell(record.id);
            return answer({ member_token: token }, 201, headers);
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'class-member',
      path: '/api/classes/:class/members/me',
      methods: {
        PUT: operation({
          id: 'placeMember',
          summary: 'Say how far one is: step, state, reason and guesses, and nothing else',
          input: placeSchema,
          answers: { 204: 'Noted.' },
          async handle(ctx, { params, input }) {
            const { id } = await findClass(parts, params.class ?? '');
            const hash = memberOf(ctx);
            const before = await parts.store.getClassMember(id, hash);
            if (before === null) throw gone();
            const data = { ...input, name: before.data.name ?? null };
            if (!(await parts.store.putClassMember(id, hash, data, parts.wall()))) throw gone();
            tell(id);
            return new Response(null, { status: 204 });
          },
        }),
        DELETE: operation({
          id: 'leaveClass',
          summary: 'Leave a class',
          answers: { 204: 'Left.' },
          async handle(ctx, { params }) {
            const id = params.class ?? '';
            if (!(await parts.store.leaveClass(id, memberOf(ctx)))) throw gone();
            tell(id);
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'class-shown',
      path: '/api/classes/:class/members/me/shown',
      methods: {
        POST: operation({
          id: 'showRefusal',
          summary: 'Show a refusal of one’s own to the class, masked, because the wall asks for one',
          input: shownSchema,
          answers: { 204: 'Shown, without a word about whose it is.', 409: 'The wall does not ask for this refusal.' },
          async handle(ctx, { params, input }) {
            const hash = memberOf(ctx);
            for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
              const record = await findClass(parts, params.class ?? '');
              const member = await parts.store.getClassMember(record.id, hash);
              if (member === null) throw gone();
              const { asks } = dataOf(record);
              const mine = memberData(member);
              const isAsked = asks?.step === input.step && asks.reason === input.reason;
              if (!isAsked || mine.step !== input.step || mine.reason !== input.reason)
                throw new ControlError(409, 'conflict', 'The wall does not ask for this refusal, or no longer.');
              const { step, reason } = input;
              const one = { step, reason, request: maskOpaque(input.request), response: maskOpaque(input.response) };
              const data = { ...record.data, asks: null, one };
              if ((await parts.store.updateClass(record.id, data, record.version)) === null) continue;
              tell(record.id);
              return new Response(null, { status: 204 });
            }
            throw new ControlError(409, 'conflict', 'The class changes all the time. Try again.');
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'class-wall',
      path: '/api/classes/:class/wall',
      methods: {
        GET: operation({
          id: 'readWall',
          summary: 'How far the participants of a class are',
          answers: { 200: { description: 'The wall.', schema: wallAnswer } },
          handle: async (ctx, { params }) => answer(await wall((await open(ctx, params.class)).id)),
        }),
      },
    },
    {
      ...common,
      endpoint: 'class-stream',
      path: '/api/classes/:class/wall/stream',
      methods: {
        GET: operation({
          id: 'streamWall',
          summary: 'The wall, live: an event at each change',
          answers: {
            200: {
              description: 'Server-sent events: wall, with the wall as it is then.',
              types: ['text/event-stream'],
            },
            429: 'Limit reached: streams of this wall.',
          },
          async handle(ctx, { params }) {
            const { id } = await open(ctx, params.class);
            const stream = wallStream(parts.store, id, parts.stopping, () => wall(id));
            if (stream === null) throw new ControlError(429, 'limit_exceeded', 'Limit reached: 10 streams per wall.');
            return new Response(stream, {
              headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
            });
          },
        }),
      },
    },
  ];
}
