/**
 * Names of strangers, resolved without holding anybody else up: by a resolver of its own with a timeout, off the thread
 * pool that `dns.lookup` shares with everything else, and with failures remembered for a while.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import { isLoopbackHost } from './addresses.ts';

/** Resolves a name to all its addresses. @throws Error if it does not resolve in time */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** Names whose failure is remembered. */
const BOUND = 1000;

/** The two questions that are asked of a name server. */
export interface NameServer {
  resolve4(hostname: string): Promise<string[]>;
  resolve6(hostname: string): Promise<string[]>;
}

export interface ResolverOptions {
  /** ms for one question to one name server; asked twice. */
  readonly timeout?: number;
  /** ms that a failure is remembered. */
  readonly remember?: number;
  /** For tests. */
  readonly server?: NameServer;
  /** ms on a clock that only runs forward; for tests. */
  readonly now?: () => number;
}

/** Makes a resolver. Names of this machine go to the system, which reads its own files. */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const { timeout = 1000, remember = 30_000, now = () => performance.now() } = options;
  const server = options.server ?? new Resolver({ timeout, tries: 2 });
  const failed = new BoundedMap<string, number>(BOUND);
  return async (hostname) => {
    if (isLoopbackHost(hostname)) return bySystem(hostname);
    if ((failed.get(hostname) ?? 0) > now()) throw new Error(`${hostname} did not resolve a moment ago.`);
    const answers = await Promise.allSettled([server.resolve4(hostname), server.resolve6(hostname)]);
    const addresses = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
    );
    if (addresses.length > 0) return addresses;
    failed.set(hostname, now() + remember);
    throw new Error(`${hostname} does not resolve.`);
  };
}

function bySystem(hostname: string): Promise<LookupAddress[]> {
  return new Promise((fulfil, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : fulfil(addresses)));
  });
}
