/** Making, reading, changing, resetting and deleting sandboxes, and moving their clocks. */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { type ClockCommand, moveClock } from '#lib/sandbox/clock.ts';
import { DEFAULT_ID, type LiveSandbox } from '#lib/sandbox/sandboxes.ts';
import { MAX_TTL } from '#lib/spec/lifetimes.ts';
import { clockAnswer, createdSandboxAnswer, sandboxAnswer, scenariosAnswer } from '#lib/spec/answers.ts';
import { forgetFaults } from '#lib/sandbox/faults/acting.ts';
import { handoutOf } from '#lib/oauth/clients/handouts.ts';
import { scenarios } from '#lib/config/scenarios/index.ts';
import type { ConnectionDetails } from '#lib/sandbox/seed/clients.ts';
import { applySeed, seedConfigured } from '#lib/sandbox/seed/seed.ts';
import { seedTargetOf } from '#lib/sandbox/seed/target.ts';
import { type IssuedToken, issueToken } from '#lib/sandbox/seed/tokens.ts';
import { seedSchema } from '#lib/config/seed.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import { masking } from '#lib/recorder/view.ts';
import { showsShare } from '../control.ts';
import { noteSetUp } from '../changes.ts';
import { countCreation } from '../creating.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';
import {
  demandActing,
  knobsInput,
  mergeConfig,
  readConfig,
  readScenario,
  scenarioView,
  shown,
} from '../sandbox-config.ts';

const ttl = z.number().int().min(60).max(MAX_TTL);

const createSchema = z.strictObject({
  scenario: z.string().max(100).nullish().describe('A named set of behaviours.'),
  config: knobsInput.optional(),
  seed: seedSchema.optional().describe('Users, clients, notes and tokens to begin with.'),
  ttl: ttl.optional().describe('Seconds that it lives after its last use.'),
  class: z
    .string()
    .regex(/^[a-z]{1,40}-[0-9]{1,6}$/, { error: 'takes the name of a class, such as moss-378' })
    .optional()
    .describe(
      'The class that takes part: with the token of a participant as Bearer, the sandbox counts for the participant ' +
        'and not for the address.',
    ),
});

const patchSchema = createSchema.omit({ seed: true, class: true });

const clockSchema = z.union(
  [
    z.strictObject({
      advance: z.number().min(-3_153_600_000).max(3_153_600_000).describe('Seconds; may be negative.'),
    }),
    z.strictObject({ set: z.iso.datetime({ offset: true }) }),
    z.strictObject({ freeze: z.boolean() }),
    z.strictObject({ reset: z.literal(true) }),
  ],
  { error: 'takes one of { advance: seconds }, { set: ISO time }, { freeze: true or false }, { reset: true }' },
);

export function sandboxRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false } as const;
  const one = { ...common, sandbox: 'id' } as const;
  const live = async (ctx: Context): Promise<LiveSandbox> => {
    const sandbox = await parts.sandboxes.find(ctx.tenant.sandboxId);
    if (sandbox === null)
      throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
    return sandbox;
  };
  /** Makes the clients of the configuration, with what each needs at the sandbox's identity provider. */
  const configuredClients = async (sandbox: LiveSandbox, origin: string): Promise<ConnectionDetails[]> => {
    const tenant = tenantOf(parts, sandbox, origin, null);
    const clients = await seedConfigured(seedTargetOf(tenant));
    return Promise.all(clients.map(async (client) => ({ ...client, ...(await handoutOf(tenant, client.client_id)) })));
  };
  const answer = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });

  return [
    {
      ...common,
      endpoint: 'scenarios',
      path: '/api/scenarios',
      methods: {
        GET: operation({
          id: 'listScenarios',
          summary: 'The scenarios that a sandbox can be put into',
          answers: { 200: { description: 'The scenarios.', schema: scenariosAnswer } },
          handle: () =>
            Response.json(
              {
                scenarios: [...scenarios().values()].map((one) => scenarioView(one, parts.sandboxes.ownOrigins)),
              },
              { headers: { 'cache-control': 'public, max-age=300' } },
            ),
        }),
      },
    },
    {
      ...common,
      endpoint: 'sandboxes',
      path: '/api/sandboxes',
      methods: {
        POST: operation({
          id: 'createSandbox',
          summary: 'Create a sandbox',
          input: createSchema,
          answers: {
            201: {
              description: 'The sandbox, with its control token, which is shown this once.',
              schema: createdSandboxAnswer,
            },
          },
          async handle(ctx, { input }) {
            const place = { isPublic: parts.site.isPublic, isDefault: false, ownOrigin: parts.sandboxes.ownOrigins };
            const named = readScenario(input.scenario, place) ?? null;
            const config = readConfig(input.config, place);
            const headers = await countCreation(parts, ctx, input.class);
            const { sandbox, controlToken } = await parts.sandboxes.create({
              config,
              scenario: named,
              ...(input.ttl === undefined ? {} : { ttl: input.ttl }),
            });
            const tenant = tenantOf(parts, sandbox, ctx.tenant.origin, null);
            const clients: ConnectionDetails[] = [];
            const tokens: IssuedToken[] = [];
            try {
              clients.push(...(await configuredClients(sandbox, ctx.tenant.origin)));
              await demandActing(config, tenant);
              if (input.seed) clients.push(...(await applySeed(seedTargetOf(tenant), input.seed)));
              for (const token of input.seed?.tokens ?? []) tokens.push(await issueToken({ ...ctx, tenant }, token));
            } catch (error) {
              await parts.sandboxes.delete(sandbox.record.id);
              throw error;
            }
            noteSetUp(parts, sandbox, { clients, tokens }, input.seed);
            const says = named === null ? 'Sandbox made' : `Sandbox made (${named})`;
            parts.tail.note({ says, sandbox: sandbox.record.id });
            const { id, issuer, mcp, expires_at, ...rest } = shown(parts, sandbox, ctx.tenant.origin);
            return answer(
              {
                id,
                issuer,
                control_token: controlToken,
                mcp,
                inspect_url: `${ctx.tenant.origin}/sandbox/${String(id)}#control=${controlToken}`,
                expires_at,
                clients,
                ...(tokens.length > 0 ? { tokens } : {}),
                ...rest,
              },
              201,
              { location: `${ctx.tenant.origin}/api/sandboxes/${String(id)}`, ...headers },
            );
          },
        }),
      },
    },
    {
      ...one,
      endpoint: 'sandbox',
      path: '/api/sandboxes/:id',
      methods: {
        GET: operation({
          id: 'readSandbox',
          summary: 'Read a sandbox',
          control: true,
          shared: true,
          answers: { 200: { description: 'The sandbox.', schema: sandboxAnswer } },
          async handle(ctx) {
            const found = shown(parts, await live(ctx), ctx.tenant.origin);
            return answer(showsShare(ctx.request) ? masking(ctx.tenant.secret).value(found) : found);
          },
        }),
        PATCH: operation({
          id: 'updateSandbox',
          changes: (body) => {
            const { scenario, config } = (body ?? {}) as { scenario?: unknown; config?: unknown };
            return scenario !== undefined ? 'scenario' : config !== undefined ? 'config' : null;
          },
          summary: 'Change a sandbox',
          control: true,
          input: patchSchema,
          answers: { 200: { description: 'The sandbox.', schema: sandboxAnswer } },
          async handle(ctx, { input }) {
            const present = await live(ctx);
            const isDefault = present.record.id === DEFAULT_ID;
            const ownOrigin = present.ownOrigin !== null;
            // `default` lives at the root, so that what needs the root of an origin acts there.
            const place = { isPublic: parts.site.isPublic, isDefault, ownOrigin: ownOrigin || isDefault };
            const named = readScenario(input.scenario, { ...place, ownOrigin });
            const config = input.config === undefined ? null : readConfig(input.config, place);
            if (config !== null) await demandActing(config, ctx.tenant);
            if (input.ttl !== undefined && ctx.tenant.sandboxId === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default does not expire.');
            const sandbox = await parts.sandboxes.update(ctx.tenant.sandboxId, (record) => ({
              ...(config === null
                ? {}
                : {
                    config: mergeConfig(
                      record.config,
                      config,
                      named === undefined ? record.scenario : named,
                      ownOrigin,
                    ),
                    // What the owner sets now goes over what a stage set before.
                    staged: Object.fromEntries(
                      Object.entries(record.staged).filter(([name]) => !Object.hasOwn(config, name)),
                    ),
                  }),
              ...(named === undefined ? {} : { scenario: named, staged: {} }),
              ...(input.ttl === undefined ? {} : { ttl: input.ttl }),
            }));
            if (sandbox === null)
              throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
            const clients =
              input.config !== undefined || input.scenario !== undefined
                ? await configuredClients(sandbox, ctx.tenant.origin)
                : [];
            forgetFaults(sandbox);
            return answer({ ...shown(parts, sandbox, ctx.tenant.origin), ...(clients.length > 0 ? { clients } : {}) });
          },
        }),
        DELETE: operation({
          id: 'deleteSandbox',
          summary: 'Delete a sandbox',
          control: true,
          answers: { 204: 'Deleted.' },
          async handle(ctx) {
            if (ctx.tenant.sandboxId === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default cannot be deleted; it can be reset.');
            parts.recorder.drop(ctx.tenant.sandboxId);
            await parts.sandboxes.delete(ctx.tenant.sandboxId);
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...one,
      endpoint: 'reset',
      path: '/api/sandboxes/:id/reset',
      methods: {
        POST: operation({
          id: 'resetSandbox',
          changes: 'reset',
          summary: 'Forget everything but the configuration',
          control: true,
          input: z.looseObject({}),
          answers: { 200: { description: 'The sandbox.', schema: sandboxAnswer } },
          async handle(ctx) {
            const { record } = await live(ctx);
            // What was answered before is written first: the ledger remembers some of it through a reset.
            await parts.recorder.settle(record.id);
            parts.recorder.drop(record.id);
            await parts.sandboxes.reset(record.id);
            const sandbox = await live(ctx);
            const clients = await configuredClients(sandbox, ctx.tenant.origin);
            forgetFaults(sandbox);
            return answer({ ...shown(parts, sandbox, ctx.tenant.origin), ...(clients.length > 0 ? { clients } : {}) });
          },
        }),
      },
    },
    {
      ...one,
      endpoint: 'clock',
      path: '/api/sandboxes/:id/clock',
      methods: {
        POST: operation({
          id: 'advanceClock',
          changes: 'clock',
          summary: 'Move the clock',
          control: true,
          input: clockSchema,
          answers: { 200: { description: 'The clock.', schema: clockAnswer } },
          async handle(ctx, { input }) {
            const command: ClockCommand = 'set' in input ? { set: Date.parse(input.set) } : input;
            const sandbox = await parts.sandboxes.update(ctx.tenant.sandboxId, (record) => {
              const clock = moveClock(record.clock, command, parts.wall());
              if (clock === null)
                throw new ControlError(400, 'invalid_request', 'The clock goes from the year 1970 to the year 9999.');
              return { clock };
            });
            if (sandbox === null)
              throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
            return answer(shown(parts, sandbox, ctx.tenant.origin).clock);
          },
        }),
      },
    },
  ];
}
