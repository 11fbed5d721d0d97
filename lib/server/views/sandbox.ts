/** What the page of a sandbox shows before its owner has shown a token: addresses, which every client knows. */
import { isLoopbackHost } from '#lib/spec/loopback.ts';
import { snippets } from '#lib/mcp/pages/snippets.ts';
import { codeConnections, type Connection } from '#lib/exchange/connect.ts';
import { sandboxBase } from '#lib/oauth/issuers.ts';
import { tenantOf } from '#lib/sandbox/tenant.ts';
import { getContainer } from '../current.ts';
import { originOf } from './origin.ts';

export interface SandboxPage {
  readonly id: string;
  readonly origin: string;
  readonly base: string;
  readonly mcp: string;
  readonly connections: readonly Connection[];
  /** A hosted client cannot reach this address. */
  readonly loopback: boolean;
  /** Seconds that it lives after its last use; null: it does not expire. */
  readonly ttl: number | null;
}

/**
 * Finds a sandbox for its page.
 * @param host the `Host` of the page's own request
 * @returns null if there is none, or its time is over
 */
export async function sandboxPage(id: string, host: string | null): Promise<SandboxPage | null> {
  const container = await getContainer();
  const sandbox = await container.sandboxes.find(id);
  if (sandbox === null) return null;
  const origin = originOf(container, host);
  const tenant = tenantOf(container, sandbox, origin, null);
  const base = sandboxBase(tenant);
  const mcp = `${base}/mcp`;
  const handed = snippets(tenant, 'mcp').filter(({ title }) => title !== 'VS Code, in a project');
  const short = (title: string): string =>
    title.replace('curl, without a token', 'curl').replace('curl, the whole way', 'curl, whole way');
  const order = ['Claude Code', 'Cursor', 'VS Code', 'Inspector', 'curl', 'curl, whole way', 'TypeScript', 'Python'];
  const connections = [...handed.map((one) => ({ ...one, title: short(one.title) })), ...codeConnections({ url: mcp })];
  const { hostname } = new URL(origin);
  return {
    id,
    origin,
    base,
    mcp,
    connections: connections.sort((a, b) => order.indexOf(a.title) - order.indexOf(b.title)),
    loopback: isLoopbackHost(hostname, container.site.allowedHosts),
    ttl: sandbox.record.ttl,
  };
}
