import type { EngineRequest } from '#lib/oauth/context.ts';
import { isIP } from 'node:net';
import type { Bindings } from './parts.ts';

/**
 * The address of the client: that of the socket, or with proxies that are believed the entry of
 * `X-Forwarded-For` that the outermost of them wrote, without its port.
 * @param trustProxy how many proxies stand in front
 */
export function remoteAddressOf(request: EngineRequest, env: Bindings, trustProxy: number): string {
  const direct = env.incoming?.socket.remoteAddress ?? env.remoteAddress ?? '';
  if (trustProxy === 0) return plain(direct);
  const hops = (request.headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return plain(withoutPort(hops.at(-trustProxy) ?? hops[0] ?? direct)).slice(0, 64);
}

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`: a client is the same at every port. */
function withoutPort(hop: string): string {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(hop);
  const address = match?.[1] ?? match?.[2];
  return address !== undefined && isIP(address) !== 0 ? address : hop;
}

function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
