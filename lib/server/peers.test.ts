/** A worker whose start has gone silent: what all processes count together is not to be had, and that is said. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { StartSilentError } from '#lib/http/figures.ts';
import { createContainer } from './container.ts';
import { readEnv } from './env.ts';
import { connectWorker } from './peers.ts';

const TOKEN = 'operators-only-token';

it('answers 503 where it would speak for all processes, and goes on with what it counts itself', async () => {
  const channel = Object.assign(new EventEmitter(), { send: () => true }) as unknown as NodeJS.Process;
  const worker = connectWorker(channel, 20);
  await expect(worker.gather()).rejects.toThrow(StartSilentError);
  const env = readEnv({ DATABASE_URL: ':memory:', AUTHWALK_ADMIN_TOKEN: TOKEN, AUTHWALK_RATE_LIMITS: 'on' });
  const container = await createContainer(env, { worker, log: () => undefined });
  const ask = (path: string) =>
    container.app.fetch(
      new Request(`http://localhost:3000${path}`, {
        headers: { host: 'localhost:3000', authorization: `Bearer ${TOKEN}` },
      }),
      {},
    );
  for (const path of ['/api/admin/instance', '/api/admin/events', '/metrics']) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 503]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({
      error: 'temporarily_unavailable',
      error_description: 'The first process of this start does not answer. Try again in 5 s.',
    });
  }
  expect((await ask('/api/admin/sandboxes')).status).toBe(200);
  await container.close();
});
