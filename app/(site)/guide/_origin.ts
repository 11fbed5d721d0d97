import { headers } from 'next/headers';

/**
 * `{origin}` as the reader of the page has it: `PUBLIC_URL`, or else the loopback origin of this
 * request. (What is neither never gets as far as a page: it is answered with 421.)
 */
export async function originOfPage(): Promise<string> {
  const url = process.env.PUBLIC_URL;
  if (url) return new URL(url).origin;
  return `http://${(await headers()).get('host') ?? 'localhost:3000'}`;
}
