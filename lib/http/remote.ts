import type { Bindings } from './parts.ts';

/**
 * The client's address: the socket's, or with proxies that are believed the entry of
 * `X-Forwarded-For` that the outermost of them wrote.
 * @param trustProxy how many proxies stand in front
 */
export function remoteAddressOf(request: Request, env: Bindings, trustProxy: number): string {
  const direct = env.incoming?.socket.remoteAddress ?? env.remoteAddress ?? '';
  if (trustProxy === 0) return plain(direct);
  const hops = (request.headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return plain(hops.at(-trustProxy) ?? hops[0] ?? direct).slice(0, 64);
}

function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
