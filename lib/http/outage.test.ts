/** The database is gone: 503 everywhere, never 500, and the probes say so. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { testServer } from '#lib/server/testing.ts';
import { StoreUnavailableError } from '#lib/store/errors.ts';
import { asOutage } from '#lib/store/outage.ts';

let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  server = await testServer();
  await server.container.store.close();
});
afterAll(() => server.close());

describe('without its database the server', () => {
  test.each([
    ['GET', '/s/abcdefghijklmnopqrstuvwxyz/.well-known/oauth-authorization-server'],
    ['POST', '/oauth/token'],
    ['POST', '/api/sandboxes'],
    ['GET', '/api/sandboxes/abcdefghijklmnopqrstuvwxyz'],
    ['GET', '/health'],
    ['GET', '/ready'],
  ])('answers 503 with Retry-After: %s %s', async (method, path) => {
    const body =
      method === 'POST' && path === '/oauth/token' ? new URLSearchParams({ grant_type: 'x', client_id: 'y' }) : null;
    const response = await server.ask(path, { method, body });
    expect([path, response.status]).toEqual([path, 503]);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('names the cause in its log', () => {
    expect(server.logged.join('\n')).toMatch(/the database cannot serve: .*/);
  });
});

describe('an outage is told from a fault of ours', () => {
  const error = (message: string, more: Record<string, unknown> = {}) => Object.assign(new Error(message), more);
  test.each([
    ['a refused connection', error('connect ECONNREFUSED', { code: 'ECONNREFUSED' }), true],
    ['a refused connection to every address', new AggregateError([error('x', { code: 'ECONNREFUSED' })]), true],
    ['PostgreSQL that shuts down', error('terminating connection', { code: '57P01' }), true],
    ['PostgreSQL without room for connections', error('too many clients', { code: '53300' }), true],
    ['a full disk', error('database or disk is full', { code: 'ERR_SQLITE_ERROR', errcode: 13 }), true],
    ['a disk that fails', error('disk I/O error', { code: 'ERR_SQLITE_ERROR', errcode: 778 }), true],
    ['a wrapped one', error('query failed', { cause: error('x', { code: 'ECONNRESET' }) }), true],
    ['a constraint', error('UNIQUE constraint failed', { code: 'ERR_SQLITE_ERROR', errcode: 2067 }), false],
    ['a wrong statement', error('syntax error', { code: '42601' }), false],
    ['a bug', new TypeError('x is not a function'), false],
  ])('%s', (_, thrown, expected) => {
    expect(asOutage(thrown) instanceof StoreUnavailableError).toBe(expected);
  });
});

describe('an error of the control API', () => {
  it('is problem details if Accept names them, and OAuth JSON otherwise', async () => {
    const fresh = await testServer();
    const ask = (accept: string) => fresh.ask('/api/sandboxes/abcdefghijklmnopqrstuvwxyz', { headers: { accept } });
    const problem = await ask('application/problem+json, application/json;q=0.5');
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
    expect(problem.headers.get('vary')).toContain('Accept');
    expect(await problem.json()).toMatchObject({
      type: 'http://localhost:3000/reference#error-not_found',
      title: 'Not found',
      status: 404,
      error: 'not_found',
    });
    for (const accept of ['*/*', 'application/json', 'application/problem+json;q=0'])
      expect((await ask(accept)).headers.get('content-type')).toBe('application/json');
    const oauth = await fresh.ask('/oauth/token', { method: 'POST', headers: { accept: 'application/problem+json' } });
    expect(oauth.headers.get('content-type')).toBe('application/json');
    await fresh.close();
  });
});
