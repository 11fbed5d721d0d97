/**
 * The reader's own MCP server in the place of the sandbox's. The browser calls it, with tokens that are for it alone,
 * and only on the machine that the browser runs on.
 */

/** Why an address cannot stand in, in words for its field; or the address as it is used. */
export type StandIn = { readonly url: string } | { readonly why: string };

const HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/**
 * Reads what was typed into the field.
 * @param origin of the page: what the walk itself comes from cannot stand in for a part of it
 */
export function standInOf(typed: string, origin: string): StandIn {
  const text = typed.trim();
  if (!URL.canParse(text)) return { why: 'This is not an address. It looks like http://localhost:8080/mcp.' };
  const url = new URL(text);
  if (!['http:', 'https:'].includes(url.protocol) || !HOSTS.has(url.hostname))
    return { why: 'The walk calls servers on your own machine only: an address with localhost or 127.0.0.1.' };
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return { why: 'The address of a server has no password and no fragment.' };
  const here = new URL(origin);
  const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
  if (portOf(url) === portOf(here) && (HOSTS.has(here.hostname) || url.origin === here.origin))
    return { why: 'This is the address of the playground itself. Your server has a port of its own.' };
  return { url: url.pathname === '/' && !text.endsWith('/') ? url.origin : url.href };
}
