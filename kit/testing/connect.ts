/** The same object over a server that runs already. */
import { overServer } from './authwalk.ts';
import { demandMembers } from './demand.ts';
import { AuthwalkError } from './errors.ts';
import { within } from './timers.ts';
import type { Authwalk } from './types.ts';

/** Milliseconds until a server that does not answer is given up. */
const PATIENCE = 10_000;

/**
 * Connects to `authwalk serve`, a container, or a hosted instance.
 * @param address its origin, such as `http://localhost:3000`
 * @param options `adminToken`: the operator's, for what needs it
 * @throws TypeError for what is no http address
 * @throws AuthwalkError `unreachable` if nothing answers there, `not_authwalk` if something else does
 */
export async function connectAuthwalk(address: string | URL, options: { adminToken?: string } = {}): Promise<Authwalk> {
  if (!URL.canParse(String(address)) || !/^https?:$/.test(new URL(address).protocol))
    throw new TypeError(
      `connectAuthwalk() takes the origin of a server, such as http://localhost:3000, and not ${String(address)}.`,
    );
  demandMembers('connectAuthwalk()', options, ['adminToken']);
  const { origin } = new URL(address);
  const { adminToken } = options;
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const own = new URL(request.url);
    if (
      adminToken !== undefined &&
      own.origin === origin &&
      own.pathname.startsWith('/api/') &&
      !request.headers.has('authorization')
    )
      request.headers.set('authorization', `Bearer ${adminToken}`);
    return globalThis.fetch(request);
  };
  const asked = fetch(`${origin}/`, { headers: { accept: 'application/json' }, redirect: 'manual' }).then(
    async (response) => ({
      status: response.status,
      body: (await response.json().catch(() => null)) as { name?: unknown } | null,
    }),
    (cause: unknown) => cause as Error,
  );
  const answer = await within(asked, PATIENCE, new Error(`no answer within ${PATIENCE} ms`));
  if (answer instanceof Error)
    throw new AuthwalkError('unreachable', `Nothing answers at ${origin}: ${answer.message}`);
  if (typeof answer.body?.name !== 'string' || answer.body.name.toLowerCase() !== 'authwalk')
    throw new AuthwalkError('not_authwalk', `What answers at ${origin} is not Authwalk (status ${answer.status}).`);
  return overServer({ origin, fetch, pages: await hasPages(origin), close: async () => {} });
}

/** Whether a server has pages for people: `authwalk serve --no-pages` has none. */
export async function hasPages(origin: string): Promise<boolean> {
  const asked = globalThis.fetch(`${origin}/guide`, { method: 'HEAD', redirect: 'manual' }).then(
    ({ status }) => status !== 404,
    () => true,
  );
  return within(asked, PATIENCE, true);
}
