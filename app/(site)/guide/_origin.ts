import { headers } from 'next/headers';
import { originOfHost } from '#lib/server/views/origin.ts';

/**
 * `{origin}` as the reader of the page has it: `PUBLIC_URL`, or else the loopback origin of this
 * request. (What is neither never gets as far as a page: it is answered with 421.)
 */
export async function originOfPage(): Promise<string> {
  return originOfHost((await headers()).get('host'));
}
