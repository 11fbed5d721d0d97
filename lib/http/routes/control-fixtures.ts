/** What a test sets in a sandbox before it runs: faults, users, clients, tokens, keys, grants. */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import { faultSchema } from '#lib/config/fault.ts';
import { clientSeed, tokenSeed, userSeed } from '#lib/config/seed.ts';
import { furtherIssuer } from '#lib/oauth/issuers.ts';
import { forgetFaults } from '#lib/sandbox/faults/acting.ts';
import { readFault } from '#lib/sandbox/faults/read.ts';
import { saveClients } from '#lib/sandbox/seed/clients.ts';
import { seedTargetOf } from '#lib/sandbox/seed/target.ts';
import { issueToken } from '#lib/sandbox/seed/tokens.ts';
import { saveUser } from '#lib/sandbox/seed/users.ts';
import {
  clientsAnswer,
  connectionAnswer,
  faultAnswer,
  faultsAnswer,
  grantAnswer,
  grantsAnswer,
  issuedTokenAnswer,
  jwksAnswer,
  kidsAnswer,
  userAnswer,
  usersAnswer,
} from '#lib/spec/answers.ts';
import type { ClientRecord, GrantRecord, UserRecord } from '#lib/store/store.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { type Operation, operation, type Route } from '../route.ts';

// What signs is loaded when it is first needed: starting is to be quick.
const ring = () => import('#lib/oauth/keys/ring.ts');

const keysSchema = z.strictObject({ keys: z.array(z.record(z.string(), z.json())).min(1).max(20) });

/** At which issuer of the sandbox; its own by default. */
const issuerQuery = z.object({
  issuer: z.enum(['as2', 'idp']).optional().describe('A further issuer that the knob issuers opens.'),
});

const iso = (ms: number): string => new Date(ms).toISOString();

function userView({ sub, email, claims, temporary, createdAt }: UserRecord): Record<string, unknown> {
  return { sub, email, claims, temporary, created_at: iso(createdAt) };
}

function clientView({ clientId, source, metadata, createdAt }: ClientRecord): Record<string, unknown> {
  return { client_id: clientId, source, metadata, created_at: iso(createdAt) };
}

function grantView(grant: GrantRecord): Record<string, unknown> {
  return {
    id: grant.id,
    client_id: grant.clientId,
    sub: grant.sub,
    kind: grant.kind,
    scope: grant.scope,
    resource: grant.resource,
    created_at: iso(grant.createdAt),
    revoked_at: grant.revokedAt === null ? null : iso(grant.revokedAt),
    revoked_by: grant.revokedBy,
  };
}

export function fixtureRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  const answer = (body: unknown, status = 200): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
  const forget = async (ctx: Context): Promise<void> => {
    const sandbox = await parts.sandboxes.find(ctx.tenant.sandboxId);
    if (sandbox) forgetFaults(sandbox);
  };

  const faults: Record<'GET' | 'POST' | 'DELETE', Operation> = {
    GET: operation({
      id: 'listFaults',
      summary: 'The scripted faults, with how often each matched and acted',
      control: true,
      answers: { 200: { description: 'The faults.', schema: faultsAnswer } },
      handle: async (ctx) =>
        answer({
          faults: (await ctx.tenant.store.listFaults()).map(({ id, fault, matched, acted, createdAt }) => ({
            id,
            ...fault,
            matched,
            acted,
            created_at: iso(createdAt),
          })),
        }),
    }),
    POST: {
      id: 'addFault',
      summary: 'Script a fault',
      control: true,
      body: 'json',
      changes: 'faults',
      input: faultSchema,
      answers: { 201: { description: 'The fault, with its id.', schema: faultAnswer } },
      async handle(ctx) {
        const read = await readFault(ctx.body.json, ctx.tenant);
        if (!read.ok) throw new ControlError(400, 'invalid_fault', read.says);
        const id = `f_${parts.random(9)}`;
        await ctx.tenant.store.addFault({ id, fault: read.fault, matched: 0, acted: 0, createdAt: parts.wall() });
        await forget(ctx);
        return answer({ id, ...read.fault, matched: 0, acted: 0 }, 201);
      },
    },
    DELETE: operation({
      id: 'removeFaults',
      changes: 'faults',
      summary: 'Remove all faults',
      control: true,
      answers: { 204: 'Removed.' },
      async handle(ctx, { params: { fault } }) {
        const gone = await ctx.tenant.store.deleteFaults(fault);
        await forget(ctx);
        if (fault !== undefined && gone === 0)
          throw new ControlError(404, 'not_found', 'There is no fault with this id.');
        return new Response(null, { status: 204 });
      },
    }),
  };

  return [
    { ...common, endpoint: 'faults', path: '/api/sandboxes/:id/faults', methods: faults },
    {
      ...common,
      endpoint: 'fault',
      path: '/api/sandboxes/:id/faults/:fault',
      methods: { DELETE: { ...faults.DELETE, id: 'removeFault', summary: 'Remove a fault' } },
    },
    {
      ...common,
      endpoint: 'users',
      path: '/api/sandboxes/:id/users',
      methods: {
        GET: operation({
          id: 'listUsers',
          summary: 'The users',
          control: true,
          answers: { 200: { description: 'The users.', schema: usersAnswer } },
          handle: async (ctx) => answer({ users: (await ctx.tenant.store.listUsers({ limit: 1000 })).map(userView) }),
        }),
        POST: operation({
          id: 'putUser',
          summary: 'Add or change a user, with claims',
          control: true,
          input: userSeed,
          answers: { 201: { description: 'The user.', schema: userAnswer } },
          handle: async (ctx, { input }) => answer(userView(await saveUser(seedTargetOf(ctx.tenant), input)), 201),
        }),
      },
    },
    {
      ...common,
      endpoint: 'clients',
      path: '/api/sandboxes/:id/clients',
      methods: {
        GET: operation({
          id: 'listClients',
          summary: 'The clients',
          control: true,
          answers: { 200: { description: 'The clients.', schema: clientsAnswer } },
          handle: async (ctx) =>
            answer({ clients: (await ctx.tenant.store.listClients({ limit: 1000 })).map(clientView) }),
        }),
        POST: operation({
          id: 'putClient',
          changes: 'client',
          summary: 'Add or change a pre-registered client',
          control: true,
          query: issuerQuery,
          input: clientSeed,
          answers: { 201: { description: 'What the client connects with.', schema: connectionAnswer } },
          handle: async (ctx, { input, query }) => {
            const tenant = query.issuer === undefined ? ctx.tenant : furtherIssuer(ctx.tenant, query.issuer);
            if (tenant === null)
              throw new ControlError(
                400,
                'invalid_request',
                'The knob issuers of this sandbox does not open this issuer.',
              );
            return answer((await saveClients(seedTargetOf(tenant), [input]))[0], 201);
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'tokens',
      path: '/api/sandboxes/:id/tokens',
      methods: {
        POST: operation({
          id: 'issueToken',
          changes: 'grant',
          summary: 'Issue an access token without a flow',
          control: true,
          input: tokenSeed,
          answers: { 201: { description: 'The token.', schema: issuedTokenAnswer } },
          handle: async (ctx, { input }) => answer(await issueToken(ctx, input), 201),
        }),
      },
    },
    {
      ...common,
      endpoint: 'keys',
      path: '/api/sandboxes/:id/keys',
      methods: {
        GET: operation({
          id: 'listKeys',
          summary: 'The public keys',
          control: true,
          answers: { 200: { description: 'A JWK set.', schema: jwksAnswer } },
          handle: async (ctx) => answer(await (await ring()).publicKeySet(ctx.tenant)),
        }),
        PUT: operation({
          id: 'replaceKeys',
          changes: 'keys',
          summary: 'Replace all signing keys by your own',
          control: true,
          input: keysSchema,
          answers: { 200: { description: 'The ids of the keys.', schema: kidsAnswer } },
          async handle(ctx, { input: { keys } }) {
            try {
              return answer({ kids: await (await ring()).replaceKeys(ctx.tenant, keys) });
            } catch (error) {
              if (error instanceof TypeError || (error instanceof Error && error.name.includes('JOSE')))
                throw new ControlError(400, 'invalid_key', error.message);
              throw error;
            }
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'keys-rotate',
      path: '/api/sandboxes/:id/keys/rotate',
      methods: {
        POST: operation({
          id: 'rotateKeys',
          changes: 'keys',
          summary: 'Sign with new keys from now on',
          control: true,
          input: z.looseObject({}),
          answers: { 200: { description: 'The ids of the new keys.', schema: kidsAnswer } },
          handle: async (ctx) => answer({ kids: await (await ring()).rotateKeys(ctx.tenant) }),
        }),
      },
    },
    {
      ...common,
      endpoint: 'grants',
      path: '/api/sandboxes/:id/grants',
      methods: {
        GET: operation({
          id: 'listGrants',
          summary: 'The grants, newest first, each with its family of refresh tokens',
          control: true,
          answers: { 200: { description: 'The grants.', schema: grantsAnswer } },
          async handle(ctx) {
            const grants = await ctx.tenant.store.listGrants({ limit: 100 });
            return answer({
              grants: await Promise.all(
                grants.map(async (grant) => ({
                  ...grantView(grant),
                  refresh_tokens: (await ctx.tenant.store.listRefreshTokens(grant.id)).map((token) => ({
                    id: token.hash.slice(0, 12),
                    parent: token.parentHash?.slice(0, 12) ?? null,
                    generation: token.generation,
                    scope: token.scope,
                    issued_at: iso(token.issuedAt),
                    expires_at: iso(token.expiresAt),
                    used_at: token.usedAt === null ? null : iso(token.usedAt),
                    state:
                      grant.revokedAt !== null
                        ? 'revoked'
                        : token.usedAt !== null
                          ? 'used'
                          : token.expiresAt <= ctx.tenant.now()
                            ? 'expired'
                            : 'live',
                  })),
                })),
              ),
            });
          },
        }),
      },
    },
    {
      ...common,
      endpoint: 'grant-revoke',
      path: '/api/sandboxes/:id/grants/:grant/revoke',
      methods: {
        POST: operation({
          id: 'revokeGrant',
          changes: 'grant',
          summary: 'Revoke a grant, with everything that was issued under it',
          control: true,
          input: z.looseObject({}),
          answers: { 200: { description: 'The grant.', schema: grantAnswer } },
          async handle(ctx, { params: { grant = '' } }) {
            await ctx.tenant.store.revokeGrant(grant, 'revoked-by-owner', ctx.tenant.now());
            const record = await ctx.tenant.store.getGrant(grant);
            if (record === null) throw new ControlError(404, 'not_found', 'There is no grant with this id.');
            return answer(grantView(record));
          },
        }),
      },
    },
  ];
}
