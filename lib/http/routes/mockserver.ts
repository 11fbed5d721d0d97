/**
 * Requests of MockServer's page, as requests of the control API: the same token, the same bounds, and each step stands
 * in the ledger like any change by the owner.
 */
import { z } from 'zod';
import type { Context } from '#lib/oauth/context.ts';
import {
  type EndpointAt,
  expectationSchema,
  expectationsSchema,
  MOST,
  translate,
} from '#lib/sandbox/mockserver/expectation.ts';
import { oidcSchema, translateProvider } from '#lib/sandbox/mockserver/oidc.ts';
import { DEFAULT_ID } from '#lib/sandbox/sandboxes.ts';
import { addressesOf } from '../addresses.ts';
import { ControlError } from '../errors.ts';
import { parseBody } from '../parsed.ts';
import type { AskSelf } from '../parts.ts';
import { jsonOf, type Route } from '../route.ts';

const shared = { scope: 'base', cors: 'none', recorded: false } as const;

/**
 * @param table the whole table, once it is made
 * @param ask sends a request to this very application
 */
export function mockServerRoutes(table: () => readonly Route[], ask: AskSelf): readonly Route[] {
  /** The endpoint at a path below `{base}`. */
  const endpointAt =
    ({ tenant }: Context) =>
    (path: string): EndpointAt | null => {
      const prefix = tenant.sandboxId === DEFAULT_ID || tenant.base === tenant.origin ? '' : '/s/:sandbox';
      const route = table().find(
        (one) => one.recorded && addressesOf(one).some((address) => address.path === prefix + path),
      );
      if (route === undefined) return null;
      return { endpoint: route.endpoint, location: route.location, short: route.short === true };
    };

  /** Asks the control API on behalf of the caller. @throws ControlError what it refuses */
  const control = async (ctx: Context, method: string, path: string, body: unknown): Promise<unknown> => {
    const { headers } = ctx.request;
    const authorization = headers.get('authorization');
    const request = new Request(`${ctx.tenant.origin}/api/sandboxes/${ctx.tenant.sandboxId}${path}`, {
      method,
      body: JSON.stringify(body),
      headers: {
        host: new URL(ctx.request.url).host,
        'content-type': 'application/json',
        ...(authorization === null ? {} : { authorization }),
      },
    });
    const response = await ask(request, ctx.remoteAddress);
    const answer = (await response.json()) as { error?: string; error_description?: string };
    if (!response.ok)
      throw new ControlError(
        response.status as 400,
        (answer.error ?? 'invalid_request') as ControlError['code'],
        answer.error_description ?? `The control API answered ${response.status}.`,
      );
    return answer;
  };
  const created = (body: unknown): Response =>
    Response.json(body, { status: 201, headers: { 'cache-control': 'no-store' } });

  return [
    {
      ...shared,
      endpoint: 'mockserver-expectation',
      path: '/mockserver/expectation',
      methods: {
        PUT: {
          id: 'putMockServerExpectation',
          summary: 'An expectation of MockServer, as a fault on an endpoint of the sandbox',
          control: true,
          body: 'any-json',
          input: expectationsSchema,
          answers: { 201: { description: 'The faults.', schema: z.array(z.looseObject({ id: z.string() })) } },
          async handle(ctx) {
            // One by one, so that a fault names the member and not the choice between one and many.
            const given: unknown[] = [jsonOf(ctx)].flat();
            const expectations = given.slice(0, MOST).map((one) => parseBody(expectationSchema, one));
            if (given.length > MOST)
              throw new ControlError(400, 'invalid_request', `Limit reached: ${MOST} expectations at once.`);
            const translated = expectations.map((one) => translating(() => translate(one, endpointAt(ctx))));
            if (translated.some(({ shortPaths }) => shortPaths) && !ctx.tenant.config['compat.shortPaths'])
              await control(ctx, 'PATCH', '', { config: { 'compat.shortPaths': true } });
            const faults: unknown[] = [];
            for (const { client, fault } of translated) {
              if (client !== null && (await ctx.tenant.store.getClient(client.client_id)) === null)
                await control(ctx, 'POST', '/clients', { ...client, token_endpoint_auth_method: 'none' });
              faults.push(await control(ctx, 'POST', '/faults', fault));
            }
            return created(faults);
          },
        },
      },
    },
    {
      ...shared,
      endpoint: 'mockserver-oidc',
      path: '/mockserver/oidc',
      methods: {
        PUT: {
          id: 'putMockServerProvider',
          summary: "MockServer's turnkey provider, as knobs, a client and a user of the sandbox",
          control: true,
          body: 'any-json',
          input: oidcSchema,
          answers: { 201: { description: 'What was set.', schema: z.looseObject({ issuer: z.string() }) } },
          async handle(ctx) {
            const { config, client, user, keys } = translating(() =>
              translateProvider(parseBody(oidcSchema, jsonOf(ctx)), {
                issuer: ctx.tenant.issuer,
                endpointAt: (path) => endpointAt(ctx)(path)?.endpoint ?? null,
                scopes: ctx.tenant.config['scopes.known'],
                isPublic: ctx.tenant.isPublic,
              }),
            );
            if (keys.length > 0) await control(ctx, 'PUT', '/keys', { keys });
            await control(ctx, 'PATCH', '', { config });
            await control(ctx, 'POST', '/clients', client);
            await control(ctx, 'POST', '/users', user);
            return created({
              issuer: ctx.tenant.issuer,
              discovery: `${ctx.tenant.base}/.well-known/openid-configuration`,
              client_id: client.client_id,
              config,
            });
          },
        },
      },
    },
  ];
}

/** @throws ControlError 400 `not_translated` */
function translating<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && error.name === 'NotTranslated')
      throw new ControlError(400, 'not_translated', `${error.message}.`);
    if (error instanceof z.ZodError)
      throw new ControlError(400, 'not_translated', `httpResponseTemplate: ${z.prettifyError(error).slice(0, 500)}`);
    throw error;
  }
}
