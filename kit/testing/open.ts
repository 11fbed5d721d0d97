/** One server for many tests: its own, or one that runs already. */
import { connectAuthwalk } from './connect.ts';
import type { Authwalk, AuthwalkOptions } from './types.ts';

/**
 * @param options `url`, or `AUTHWALK_URL` in the environment, takes a running server in the place of an own one
 */
export async function openAuthwalk({
  url = process.env.AUTHWALK_URL,
  ...options
}: AuthwalkOptions & { url?: string }): Promise<Authwalk> {
  if (url !== undefined && url !== '') return connectAuthwalk(url);
  const { createAuthwalk } = await import('./create.ts');
  return createAuthwalk(options);
}
