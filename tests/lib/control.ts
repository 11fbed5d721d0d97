/** A server with its control API, and what its tests ask of it: sandboxes, clients, tokens, the record. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Exchange } from '#lib/exchange/types.ts';
import { form, json, testServer } from '#lib/server/testing.ts';

/** The server of a test file, open while its tests run. */
export let server: Awaited<ReturnType<typeof testServer>>;

/** Opens `server` before the tests of this file. It closes after them, and may have logged nothing unexpected. */
export function openForTests(): void {
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(async () => {
    await server.close();
    expect(server.logged).toEqual([]);
  });
}

export interface Made {
  readonly id: string;
  readonly issuer: string;
  readonly control_token: string;
  readonly mcp: Record<string, string>;
  readonly inspect_url: string;
  readonly expires_at: string;
  readonly clients?: Record<string, unknown>[];
}

export const body = async <T = Record<string, unknown>>(response: Response) => (await response.json()) as T;
export const path = (made: Made) => `/s/${made.id}`;

export async function make(input: Record<string, unknown> = {}, on = server): Promise<Made> {
  const response = await on.ask('/api/sandboxes', json(input));
  expect([response.status, response.status === 201 ? '' : await response.clone().text()]).toEqual([201, '']);
  return body<Made>(response);
}

export function steer(made: Made, method: string, rest: string, value?: unknown, on = server): Promise<Response> {
  return on.ask(
    `/api/sandboxes/${made.id}${rest}`,
    value === undefined
      ? { method, headers: { authorization: `Bearer ${made.control_token}` } }
      : json(value, method, { authorization: `Bearer ${made.control_token}` }),
  );
}

export async function exchanges(made: Made, query = '', on = server): Promise<Exchange[]> {
  return (await body<{ exchanges: Exchange[] }>(await steer(made, 'GET', `/exchanges${query}`, undefined, on)))
    .exchanges;
}

export async function client(made: Made): Promise<string> {
  const response = await server.ask(
    `${path(made)}/oauth/register`,
    json({
      redirect_uris: ['http://localhost:7/cb'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    }),
  );
  return (await body<{ client_id: string }>(response)).client_id;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export async function code(made: Made, clientId: string): Promise<{ code: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    auto_approve: 'true',
  });
  const response = await server.ask(`${path(made)}/oauth/authorize?${query}`);
  expect(response.status).toBe(302);
  return { code: new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '', verifier };
}

export async function tokens(made: Made, clientId: string): Promise<Tokens> {
  const got = await code(made, clientId);
  const response = await server.ask(
    `${path(made)}/oauth/token`,
    form({ grant_type: 'authorization_code', client_id: clientId, code: got.code, code_verifier: got.verifier }),
  );
  expect(response.status).toBe(200);
  return body<Tokens>(response);
}

export const refresh = (made: Made, clientId: string, token: string) =>
  server.ask(
    `${path(made)}/oauth/token`,
    form({ grant_type: 'refresh_token', client_id: clientId, refresh_token: token }),
  );
