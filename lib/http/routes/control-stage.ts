/** Setting the stage of a sandbox: faults, users, clients, tokens, keys, grants. */
import { z } from 'zod';
import { defaultResources } from '#lib/oauth/resource.ts';
import type { Context } from '#lib/oauth/context.ts';
import { forgetFaults, readFault } from '#lib/sandbox/faults.ts';
import { plantClients, plantUser, seedClient, seedUser, type Soil } from '#lib/sandbox/seed.ts';
import type { ClientRecord, GrantRecord, UserRecord } from '#lib/store/store.ts';
import { ControlError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import type { Operation, Route } from '../route.ts';
import { parsed } from './parsed.ts';

// What signs is loaded when it is first needed: starting is to be quick.
const ring = () => import('#lib/oauth/keys/ring.ts');

const tokenSchema = z.strictObject({
  client_id: z.string().min(1).max(2000).default('control-api'),
  sub: z.string().min(1).max(255).nullable().default(null),
  email: z.string().max(254).optional(),
  scope: z
    .union([
      z
        .string()
        .max(2000)
        .transform((text) => text.split(' ').filter((token) => token !== '')),
      z.array(z.string().max(100)).max(50),
    ])
    .optional(),
  audience: z.array(z.string().max(2000)).min(1).max(20).optional(),
  resource: z.array(z.string().max(2000)).min(1).max(20).optional(),
  expires_in: z.number().int().min(1).max(31_536_000).nullable().optional(),
});

const keysSchema = z.strictObject({ keys: z.array(z.record(z.string(), z.json())).min(1).max(20) });

const REFUSED = {
  400: 'Something in the body is wrong, or a bound is reached.',
  401: 'The control token is missing or wrong.',
  404: 'No such sandbox.',
};

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

export function stageRoutes(parts: Parts): readonly Route[] {
  const common = { scope: 'origin', cors: 'open', recorded: false, sandbox: 'id' } as const;
  const answer = (body: unknown, status = 200): Response =>
    Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
  const soil = ({ tenant }: Context): Soil => ({
    store: tenant.store,
    config: tenant.config,
    secret: tenant.secret,
    passwords: parts.passwords,
    random: parts.random,
    now: tenant.now(),
  });
  const forget = async (ctx: Context): Promise<void> => {
    const sandbox = await parts.sandboxes.find(ctx.tenant.sandboxId);
    if (sandbox) forgetFaults(sandbox);
  };

  const faults: Record<'GET' | 'POST' | 'DELETE', Operation> = {
    GET: {
      summary: 'The scripted faults, with how often each matched and acted',
      control: true,
      responses: { 200: 'faults.', ...REFUSED },
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
    },
    POST: {
      summary: 'Script a fault',
      control: true,
      body: 'json',
      responses: { 201: 'The fault, with its id.', ...REFUSED },
      parameters: [
        { name: 'endpoint', in: 'json', required: true, says: 'Which endpoint misbehaves.' },
        {
          name: 'match',
          in: 'json',
          says: 'Narrows it: grant_type, rpc_method, tool, authenticated, location, or any form parameter or header by name.',
        },
        { name: 'nth', in: 'json', says: 'From which matching request on; 1 unless said otherwise.' },
        { name: 'times', in: 'json', says: 'How often, or always; once unless said otherwise.' },
        { name: 'client_id', in: 'json', says: 'Only for this client.' },
        {
          name: 'effect',
          in: 'json',
          required: true,
          says: 'status, headers, body, content_type, error, delay_ms, drop, committed; or hold: { until, order }, which keeps requests until so many have come, 30 s at most, and lets them through one after the other in that order.',
        },
      ],
      async handle(ctx) {
        const read = await readFault(ctx.body.json, ctx.tenant);
        if (!read.ok) throw new ControlError(400, 'invalid_fault', read.says);
        const id = `f_${parts.random(9)}`;
        await ctx.tenant.store.addFault({ id, fault: read.fault, matched: 0, acted: 0, createdAt: parts.wall() });
        await forget(ctx);
        return answer({ id, ...read.fault, matched: 0, acted: 0 }, 201);
      },
    },
    DELETE: {
      summary: 'Take all faults away',
      control: true,
      responses: { 204: 'Gone.', ...REFUSED },
      async handle(ctx, { fault }) {
        const gone = await ctx.tenant.store.deleteFaults(fault);
        await forget(ctx);
        if (fault !== undefined && gone === 0)
          throw new ControlError(404, 'not_found', 'There is no fault with this id.');
        return new Response(null, { status: 204 });
      },
    },
  };

  return [
    { ...common, endpoint: 'faults', path: '/api/sandboxes/:id/faults', methods: faults },
    {
      ...common,
      endpoint: 'fault',
      path: '/api/sandboxes/:id/faults/:fault',
      methods: { DELETE: { ...faults.DELETE, summary: 'Take one fault away' } },
    },
    {
      ...common,
      endpoint: 'users',
      path: '/api/sandboxes/:id/users',
      methods: {
        GET: {
          summary: 'The users',
          control: true,
          responses: { 200: 'users.', ...REFUSED },
          handle: async (ctx) => answer({ users: (await ctx.tenant.store.listUsers({ limit: 1000 })).map(userView) }),
        },
        POST: {
          summary: 'Make or change a user, with claims',
          control: true,
          body: 'json',
          responses: { 201: 'The user.', ...REFUSED },
          parameters: [
            { name: 'email', in: 'json', required: true, says: 'The address to sign in with.' },
            { name: 'password', in: 'json', says: 'What to sign in with.' },
            { name: 'sub', in: 'json', says: 'The subject identifier; made up where it is left out.' },
            { name: 'claims', in: 'json', says: 'What userinfo and ID tokens tell.' },
          ],
          handle: async (ctx) => answer(userView(await plantUser(soil(ctx), parsed(seedUser, ctx.body.json))), 201),
        },
      },
    },
    {
      ...common,
      endpoint: 'clients',
      path: '/api/sandboxes/:id/clients',
      methods: {
        GET: {
          summary: 'The clients',
          control: true,
          responses: { 200: 'clients.', ...REFUSED },
          handle: async (ctx) =>
            answer({ clients: (await ctx.tenant.store.listClients({ limit: 1000 })).map(clientView) }),
        },
        POST: {
          summary: 'Make or change a pre-registered client',
          control: true,
          body: 'json',
          responses: { 201: 'What the client connects with.', ...REFUSED },
          parameters: [
            { name: 'client_id', in: 'json', required: true, says: 'Used as it stands.' },
            { name: 'auth_method', in: 'json', says: 'none unless said otherwise.' },
            { name: 'redirect_uris', in: 'json', says: 'Where answers may go.' },
            { name: 'grant_types', in: 'json', says: 'What it may use.' },
            { name: 'scope', in: 'json', says: 'What it may ask for.' },
          ],
          handle: async (ctx) => answer((await plantClients(soil(ctx), [parsed(seedClient, ctx.body.json)]))[0], 201),
        },
      },
    },
    {
      ...common,
      endpoint: 'tokens',
      path: '/api/sandboxes/:id/tokens',
      methods: {
        POST: {
          summary: 'Issue an access token without a flow',
          control: true,
          body: 'json',
          responses: { 201: 'The token.', ...REFUSED },
          parameters: [
            { name: 'client_id', in: 'json', says: 'Whose token it is.' },
            { name: 'sub', in: 'json', says: 'Whose user; or email.' },
            { name: 'scope', in: 'json', says: 'notes:read unless said otherwise.' },
            { name: 'audience', in: 'json', says: 'The MCP servers unless said otherwise.' },
            { name: 'expires_in', in: 'json', says: 'Seconds; null: for ever.' },
          ],
          async handle(ctx) {
            const input = parsed(tokenSchema, ctx.body.json ?? {});
            const user = input.email === undefined ? null : await ctx.tenant.store.findUser(input.email);
            if (input.email !== undefined && user === null)
              throw new ControlError(400, 'invalid_request', 'There is no user with this email address.');
            const scope = input.scope ?? ['notes:read'];
            const { issueAccessToken } = await import('#lib/oauth/tokens/issue.ts');
            const { token, expiresIn, record } = await issueAccessToken(ctx, {
              clientId: input.client_id,
              sub: user?.sub ?? input.sub,
              grantId: null,
              scope,
              audience: input.audience ?? input.resource ?? defaultResources(ctx.tenant),
              ...(input.expires_in === undefined ? {} : { lifetime: input.expires_in }),
            });
            return answer(
              {
                access_token: token,
                token_type: 'Bearer',
                ...(expiresIn === null ? {} : { expires_in: expiresIn }),
                scope: scope.join(' '),
                jti: record.id,
              },
              201,
            );
          },
        },
      },
    },
    {
      ...common,
      endpoint: 'keys',
      path: '/api/sandboxes/:id/keys',
      methods: {
        GET: {
          summary: 'The public keys',
          control: true,
          responses: { 200: 'A JWK set.', ...REFUSED },
          handle: async (ctx) => answer(await (await ring()).publicKeySet(ctx.tenant)),
        },
        PUT: {
          summary: 'Put signing keys of your own in the place of all',
          control: true,
          body: 'json',
          parameters: [{ name: 'keys', in: 'json', required: true, says: 'Private JWKs, each with its alg.' }],
          responses: { 200: 'Their ids.', ...REFUSED },
          async handle(ctx) {
            const { keys } = parsed(keysSchema, ctx.body.json);
            try {
              return answer({ kids: await (await ring()).replaceKeys(ctx.tenant, keys) });
            } catch (error) {
              if (error instanceof TypeError || (error instanceof Error && error.name.includes('JOSE')))
                throw new ControlError(400, 'invalid_key', error.message);
              throw error;
            }
          },
        },
      },
    },
    {
      ...common,
      endpoint: 'keys-rotate',
      path: '/api/sandboxes/:id/keys/rotate',
      methods: {
        POST: {
          summary: 'Sign with new keys from now on',
          control: true,
          body: 'json',
          responses: { 200: 'The ids of the new keys.', ...REFUSED },
          handle: async (ctx) => answer({ kids: await (await ring()).rotateKeys(ctx.tenant) }),
        },
      },
    },
    {
      ...common,
      endpoint: 'grants',
      path: '/api/sandboxes/:id/grants',
      methods: {
        GET: {
          summary: 'The grants, newest first, each with its family of refresh tokens',
          control: true,
          responses: {
            200: 'grants, each with revoked_by, the reason why it ended, and refresh_tokens: id, parent, generation, used_at, state (live, used, revoked, expired).',
            ...REFUSED,
          },
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
        },
      },
    },
    {
      ...common,
      endpoint: 'grant-revoke',
      path: '/api/sandboxes/:id/grants/:grant/revoke',
      methods: {
        POST: {
          summary: 'Revoke a grant, with all that hangs on it',
          control: true,
          body: 'json',
          responses: { 200: 'The grant.', ...REFUSED },
          async handle(ctx, { grant = '' }) {
            await ctx.tenant.store.revokeGrant(grant, 'revoked-by-owner', ctx.tenant.now());
            const record = await ctx.tenant.store.getGrant(grant);
            if (record === null) throw new ControlError(404, 'not_found', 'There is no grant with this id.');
            return answer(grantView(record));
          },
        },
      },
    },
  ];
}
