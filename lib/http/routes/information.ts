/** Information about the server itself: what it is, whether it is well, its documents. */
import { clearTimeout, setTimeout } from '#lib/spec/timers.ts';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { openapiDocument } from '../openapi.ts';
import type { Operation, Route } from '../route.ts';
import { demandToken } from '../control.ts';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import { wantsHtml } from '#lib/pages/accept.ts';
import { healthAnswer, informationAnswer, readyAnswer } from '#lib/spec/answers.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { issuerLabel } from '#lib/oauth/issuers.ts';
import { addresses } from '#lib/oauth/addresses.ts';
import type { Tenant } from '#lib/oauth/context.ts';
import { OAuthError } from '#lib/oauth/errors.ts';
import { SCHEMAS } from '../schemas.ts';
import { lazy } from './lazy.ts';

const verified = lazy(async () => (await import('./verified.ts')).verified);

const common = { scope: 'origin', cors: 'open', recorded: false } as const;

/** Name, version, issuer, and where everything is. */
function information(tenant: Tenant, version: string): Record<string, unknown> {
  const known = addresses(tenant);
  const own = issuerLabel(tenant) === 'own';
  const path = tenant.base.slice(tenant.origin.length);
  return {
    name: 'Authwalk',
    version,
    issuer: tenant.issuer,
    links: {
      authorization_server_metadata: `${tenant.base}/.well-known/oauth-authorization-server`,
      openid_configuration: `${tenant.base}/.well-known/openid-configuration`,
      jwks: known.jwks,
      ...(own
        ? {
            mcp: `${tenant.base}/mcp`,
            oauth: `${tenant.base}/oauth`,
            bearer: `${tenant.base}/bearer`,
            no_auth: `${tenant.base}/no-auth`,
            protected_resource_metadata: `${tenant.origin}/.well-known/oauth-protected-resource${path}/mcp`,
            inspect: `${tenant.origin}/sandbox/${tenant.sandboxId}`,
          }
        : {}),
      guide: `${tenant.origin}/guide`,
      reference: `${tenant.origin}/reference`,
      openapi: `${tenant.origin}/openapi.json`,
      health: `${tenant.origin}/health`,
    },
  };
}

/** @param table the whole table, once it is made */
export function informationRoutes(parts: Parts, table: () => readonly Route[]): readonly Route[] {
  const server: Operation = {
    id: 'readServerInformation',
    summary: 'Server information; as HTML the landing page, or the page about the sandbox',
    answers: {
      200: { description: 'Name, version, issuer, links.', schema: informationAnswer },
      303: 'As HTML, in a sandbox.',
      401: 'The token in Authorization is not valid.',
    },
    async handle(ctx, params) {
      if (wantsHtml(ctx.request.headers) && ctx.tenant.sandboxId !== DEFAULT_ID)
        return new Response(null, {
          status: 303,
          headers: { location: `${ctx.tenant.origin}/sandbox/${ctx.tenant.sandboxId}`, vary: 'Accept' },
        });
      if (ctx.request.headers.has('authorization')) await verified(ctx, params);
      return Response.json(information(ctx.tenant, parts.site.version), {
        headers: { vary: 'Accept, Authorization', 'cache-control': 'no-store' },
      });
    },
  };

  const health: Operation = {
    id: 'checkHealth',
    summary: 'Whether the server and its database are well',
    answers: {
      200: { description: 'Healthy.', schema: healthAnswer },
      503: { description: 'The database cannot be reached.', schema: healthAnswer },
    },
    async handle() {
      const connected = await answers(parts);
      const body = {
        status: connected ? 'healthy' : 'unhealthy',
        database: connected ? 'connected' : 'disconnected',
        version: parts.site.version,
        timestamp: new Date(parts.wall()).toISOString(),
      };
      return Response.json(body, { status: connected ? 200 : 503, headers: { 'cache-control': 'no-store' } });
    },
  };

  const ready: Operation = {
    id: 'checkReadiness',
    summary: 'Whether the server takes requests',
    answers: {
      200: { description: 'Ready.', schema: readyAnswer },
      503: { description: 'Not ready.', schema: readyAnswer },
    },
    async handle() {
      const connected = await answers(parts);
      return Response.json(
        {
          ready: connected,
          database: connected ? 'ready' : 'unavailable',
          timestamp: new Date(parts.wall()).toISOString(),
        },
        { status: connected ? 200 : 503, headers: { 'cache-control': 'no-store' } },
      );
    },
  };

  const metrics: Operation = {
    id: 'readMetrics',
    summary: 'Metrics as Prometheus text',
    answers: {
      200: { description: 'The metrics.', types: ['text/plain'] },
      401: 'A public instance takes the admin token.',
    },
    async handle(ctx) {
      if (parts.site.isPublic) demandToken(parts.site, ctx.request, parts.site.adminTokenHash, 'the admin token', ctx);
      const { type, text } = await parts.metrics.text();
      return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
    },
  };

  /** By origin: made anew, it takes as long as 200 tokens. */
  const documents = new BoundedMap<string, Promise<string>>(20);
  const openapi: Operation = {
    id: 'readOpenApi',
    summary: 'This interface as an OpenAPI 3.1 document',
    answers: { 200: { description: 'The document.', schema: z.looseObject({ openapi: z.string() }) } },
    async handle({ tenant: { origin } }) {
      const text = await documents.getOrMake(origin, async () =>
        JSON.stringify(await openapiDocument(table(), origin, parts.site.version)),
      );
      return new Response(text, { headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' } });
    },
  };

  const schema: Operation = {
    id: 'readSchema',
    summary: `A JSON schema: ${Object.keys(SCHEMAS).join(' or ')}`,
    answers: { 200: { description: 'JSON Schema, draft 2020-12', schema: z.looseObject({}) }, 404: 'There is none.' },
    handle: (_, { schema: name = '' }) => {
      const made = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
      if (made === undefined)
        throw new OAuthError('not_found', {
          reason: 'path-unknown',
          description: `There is no schema of this name. There are ${Object.keys(SCHEMAS).join(' and ')}.`,
        });
      return Response.json(made(), { headers: { 'cache-control': 'no-cache' } });
    },
  };

  return [
    {
      scope: 'base',
      issuers: 'all',
      cors: 'open',
      recorded: true,
      endpoint: 'server',
      path: '',
      limit: 600,
      methods: { GET: server },
    },
    { ...common, endpoint: 'health', path: '/health', methods: { GET: health } },
    { ...common, endpoint: 'ready', path: '/ready', methods: { GET: ready } },
    { ...common, endpoint: 'metrics', path: '/metrics', cors: 'none', methods: { GET: metrics } },
    { ...common, endpoint: 'openapi', path: '/openapi.json', limit: 120, methods: { GET: openapi } },
    { ...common, endpoint: 'schemas', path: '/schemas/:schema', limit: 120, methods: { GET: schema } },
  ];
}

async function answers(parts: Parts): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      parts.store.ping(),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer')), 2000);
      }),
    ]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
