/** The operator's API: sandboxes found, looked into, kept, limited and deleted. */
import { z } from 'zod';
import { plainName } from '#lib/oauth/interaction/display.ts';
import { masking } from '#lib/recorder/view.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { MAX_TTL } from '#lib/spec/lifetimes.ts';
import { answer, iso, sandboxQuery, summary } from '../admin-answers.ts';
import { inForce } from '../changes.ts';
import { ControlError } from '../errors.ts';
import { operatorOperation } from '../operator-operation.ts';
import type { Parts } from '../parts.ts';
import type { Route } from '../route.ts';

/** What all of the operator's endpoints have in common. */
export const common = { scope: 'origin', cors: 'none', recorded: false, limit: 600 } as const;

/** What an operator limits a sandbox to that takes too much. */
const LIMIT = { requests: 60, seconds: 60, per: 'address' } as const;

/** @param parts of the instance */
export function adminSandboxRoutes(parts: Parts): readonly Route[] {
  const operator = operatorOperation(parts);
  const sandboxOf = async (id: string) => {
    const record = await parts.store.getSandbox(id);
    if (record === null)
      throw new ControlError(404, 'not_found', 'There is no sandbox with this id, or it has expired.');
    return record;
  };

  return [
    {
      ...common,
      endpoint: 'admin-sandboxes',
      path: '/api/admin/sandboxes',
      methods: {
        GET: operator({
          id: 'findSandboxes',
          summary: 'Sandboxes, found and in order of their last use',
          query: sandboxQuery,
          answer: {
            description: 'A page of them.',
            schema: z.object({ total: z.int(), page: z.int(), sandboxes: z.array(summary) }),
          },
          async handle(_, { search, more_than, used_within, order, page: at, limit: many }) {
            const now = parts.wall();
            const { total, sandboxes } = await parts.store.findSandboxes(now, {
              search: search.trim(),
              moreThan: more_than,
              idleFirst: order === 'idle',
              usedSince: used_within === 0 ? 0 : now - used_within * 1000,
              offset: (at - 1) * many,
              limit: many,
            });
            return answer({
              total,
              page: at,
              sandboxes: sandboxes.map((one) => ({
                id: one.id,
                scenario: one.scenario,
                client: plainName(one.client),
                created_at: iso(one.createdAt),
                last_used_at: iso(one.lastUsedAt),
                expires_at: one.expiresAt === null ? null : iso(one.expiresAt),
                exchanges: one.exchanges,
                bytes: one.bytes,
              })),
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-sandbox',
      path: '/api/admin/sandboxes/:id',
      methods: {
        GET: operator({
          id: 'lookInside',
          summary: 'Look inside a sandbox: its latest exchanges, with secrets masked. Noted among the events',
          answer: {
            description: 'The exchanges.',
            schema: z.object({ id: z.string(), exchanges: z.array(z.looseObject({})) }),
          },
          async handle(_, __, { id = '' }) {
            const { secret } = await sandboxOf(id);
            const last = await parts.store.tenant(id).lastExchangeSeq();
            const entries = await parts.recorder.list(id, { after: Math.max(0, last - 50), limit: 50 });
            parts.tail.note({ says: 'The operator looked inside', sandbox: id });
            return answer({ id, exchanges: entries.map((entry) => masking(secret).entry(entry)) });
          },
        }),
        DELETE: operator({
          id: 'dropSandbox',
          summary: 'Delete a sandbox',
          status: 204,
          answer: 'Deleted.',
          async handle(_, __, { id = '' }) {
            if (id === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default cannot be deleted; it can be reset.');
            if (!(await parts.sandboxes.delete(id)))
              throw new ControlError(404, 'not_found', 'There is no sandbox with this id.');
            parts.recorder.drop(id);
            parts.tail.note({ says: 'The operator deleted it', sandbox: id });
            return new Response(null, { status: 204 });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-keep',
      path: '/api/admin/sandboxes/:id/keep',
      methods: {
        POST: operator({
          id: 'keepSandboxLonger',
          summary: 'Keep a sandbox for a week after its last use',
          answer: {
            description: 'When it expires.',
            schema: z.object({ id: z.string(), expires_at: z.string().nullable() }),
          },
          async handle(_, __, { id = '' }) {
            if (id === DEFAULT_ID)
              throw new ControlError(400, 'invalid_request', 'The sandbox default does not expire.');
            const kept = await parts.sandboxes.update(id, () => ({ ttl: MAX_TTL }));
            if (kept === null) throw new ControlError(404, 'not_found', 'There is no sandbox with this id.');
            parts.tail.note({ says: 'The operator keeps it for a week', sandbox: id });
            const { expiresAt } = kept.record;
            return answer({ id, expires_at: expiresAt === null ? null : iso(expiresAt) });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'admin-limit',
      path: '/api/admin/sandboxes/:id/limit',
      methods: {
        POST: operator({
          id: 'limitSandbox',
          summary: `Limit a sandbox to ${LIMIT.requests} requests in ${LIMIT.seconds} s for each address`,
          answer: {
            description: 'The limit, as the knob `limits` has it now. Noted in the ledger; the owner can lift it.',
            schema: z.object({ id: z.string(), limits: z.looseObject({}) }),
          },
          async handle(_, __, { id = '' }) {
            const limits = { '*': LIMIT };
            const limited = await parts.sandboxes.update(id, ({ config }) => ({ config: { ...config, limits } }));
            if (limited === null) throw new ControlError(404, 'not_found', 'There is no sandbox with this id.');
            const change = { ...inForce(parts, limited), by: 'control', what: 'config', did: null } as const;
            parts.recorder.recordChange(id, change, limited.record.epoch);
            parts.tail.note({ says: `The operator limits it to ${LIMIT.requests} requests a minute`, sandbox: id });
            return answer({ id, limits });
          },
        }),
      },
    },
  ];
}
