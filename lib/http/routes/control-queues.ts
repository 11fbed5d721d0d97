/** What the next authorization and the next grant get: decisions of the user, and values of the owner's own. */
import { z } from 'zod';
import { decisionSchema, enqueueSchema } from '#lib/config/queued.ts';
import { sha256 } from '#lib/oauth/hash.ts';
import type { Context } from '#lib/oauth/context.ts';
import { protocolClaimIn } from '#lib/spec/protocol-claims.ts';
import { forgetQueues } from '#lib/sandbox/queues.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { demandFreeToken } from '#lib/sandbox/seed/tokens.ts';
import { queuedAnswer, queueAnswer } from '#lib/spec/answers.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { operation, type Route } from '../route.ts';

/** Takers of what is put in line for always. */
const ALWAYS = Number.MAX_SAFE_INTEGER;

export function queueRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  const answer = (body: unknown, status = 200): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
  const changed = async ({ tenant }: Context): Promise<void> => {
    const sandbox = await parts.sandboxes.find(tenant.sandboxId);
    if (sandbox) forgetQueues(sandbox);
  };
  const decisions = async ({ tenant }: Context): Promise<unknown[]> =>
    (await tenant.store.listQueued('consent')).map(({ item, remaining }) => ({
      ...item,
      times: remaining > ALWAYS / 2 ? 'always' : remaining,
    }));

  return [
    {
      ...common,
      endpoint: 'consent-queue',
      path: '/api/sandboxes/:id/consent',
      methods: {
        GET: operation({
          id: 'listDecisions',
          summary: 'The decisions that the next authorizations get, first to last',
          control: true,
          answers: { 200: { description: 'The decisions.', schema: queueAnswer } },
          handle: async (ctx) => answer({ decisions: await decisions(ctx) }),
        }),
        POST: operation({
          id: 'queueDecision',
          summary: 'Decide for the user, at the next authorization that no earlier decision is for',
          control: true,
          input: decisionSchema,
          answers: { 201: { description: 'The decisions in line.', schema: queueAnswer } },
          async handle(ctx, { input: { times, ...decision } }) {
            if (decision.decision === 'approve' && parts.site.isPublic && ctx.tenant.sandboxId === DEFAULT_ID)
              throw new ControlError(
                400,
                'refused_here',
                'In the sandbox default of a public instance nobody approves for others.',
              );
            await ctx.tenant.store.enqueue('consent', decision, times === 'always' ? ALWAYS : times);
            await changed(ctx);
            return answer({ decisions: await decisions(ctx) }, 201);
          },
        }),
        DELETE: operation({
          id: 'clearDecisions',
          summary: 'Forget the decisions in line',
          control: true,
          answers: { 204: 'Forgotten.' },
          async handle(ctx) {
            await ctx.tenant.store.clearQueued('consent');
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'enqueue',
      path: '/api/sandboxes/:id/enqueue',
      methods: {
        POST: operation({
          id: 'enqueueTokens',
          summary: 'Give the next grant values of your own: code, tokens, claims, lifetime',
          control: true,
          input: enqueueSchema,
          answers: { 201: { description: 'How many are in line.', schema: queuedAnswer } },
          async handle(ctx, { input: { code, ...tokens } }) {
            const { store } = ctx.tenant;
            if (tokens.access_token !== undefined) await demandFreeToken(ctx, tokens.access_token);
            if (tokens.refresh_token !== undefined && (await store.findRefreshToken(sha256(tokens.refresh_token))))
              throw new ControlError(409, 'conflict', 'This refresh token was issued before.');
            if (code !== undefined && (await store.findCode(sha256(code))))
              throw new ControlError(409, 'conflict', 'This code was issued before.');
            const claim = protocolClaimIn(tokens.claims ?? {});
            if (claim !== null)
              throw new ControlError(400, 'invalid_request', `claims.${claim}: the protocol sets this claim.`);
            if (code !== undefined) await store.enqueue('codes', { code }, 1);
            if (Object.keys(tokens).length > 0) await store.enqueue('tokens', tokens, 1);
            await changed(ctx);
            const [codes, waiting] = await Promise.all([store.listQueued('codes'), store.listQueued('tokens')]);
            return answer({ codes: codes.length, tokens: waiting.length }, 201);
          },
        }),
        DELETE: operation({
          id: 'clearEnqueued',
          summary: 'Forget the values in line',
          control: true,
          input: z.looseObject({}),
          answers: { 204: 'Forgotten.' },
          async handle(ctx) {
            await ctx.tenant.store.clearQueued('codes');
            await ctx.tenant.store.clearQueued('tokens');
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
  ];
}
