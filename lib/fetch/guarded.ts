/**
 * Fetching what a client names: client metadata documents, `jwks_uri`, webhooks.
 *
 * Whoever names an address chooses where this server connects to, so: only `https`; only public
 * addresses, checked on the very addresses that the socket then connects to (a name that resolves
 * to something else a moment later changes nothing); no redirects; a bound on bytes and on time.
 */
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { BoundedMap } from '#lib/spec/bounded-map.ts';
import type { FetchedAnswer, FetchOptions, GuardedFetch } from './types.ts';
import { addressProblem, bareHost, isLoopbackAddress, isLoopbackHost, isPublicAddress } from './addresses.ts';
import { FetchRefused } from './refused.ts';
import { createResolver, type Resolve } from './resolver.ts';

export interface GuardOptions {
  /** Whether loopback may be fetched, and by `http` too: only if the server's own origin is loopback. */
  readonly loopback?: boolean;
  /** The whole time a fetch may take, ms. */
  readonly timeout?: number;
  /** ms that a failure is remembered. */
  readonly remember?: number;
  /** ms on a clock that only runs forward; for tests. */
  readonly now?: () => number;
  /** Resolves a name to all its addresses; for tests. */
  readonly resolve?: Resolve;
}

/** Fetches that one requester may cause at once: slow addresses use up the share of that requester alone. */
const MAX_PER_REQUESTER = 8;
/** Addresses whose failure is remembered. */
const REMEMBERED = 1000;

/**
 * Makes the fetch of one origin.
 *
 * @returns a fetch that throws {@link FetchRefused} if the address is refused, nobody answers in
 *   time, the answer is a redirect, or it is longer than asked for
 * @see https://www.ietf.org/archive/id/draft-ietf-oauth-client-id-metadata-document-00.html#section-6.5
 */
export function createGuardedFetch(options: GuardOptions = {}): GuardedFetch {
  const { loopback = false, timeout = 5000, resolve = createResolver() } = options;
  const { remember = 30_000, now = () => performance.now() } = options;
  const running = new Map<string, number>();
  const permitted = (address: string) => isPublicAddress(address) || (loopback && isLoopbackAddress(address));

  const lookup: LookupFunction = (hostname, lookupOptions, callback) => {
    resolve(hostname).then(
      (addresses) => {
        // One inner address among several is refused as a whole: which of them is used is not ours to choose.
        const inner = addresses.find(({ address }) => !permitted(address));
        if (inner || addresses.length === 0)
          callback(new FetchRefused('address', `${hostname} resolves to an address that is not public.`), '', 0);
        else if (lookupOptions.all) callback(null, addresses);
        else callback(null, addresses[0]!.address, addresses[0]!.family);
      },
      (error: Error) =>
        callback(new FetchRefused('unreachable', `${hostname} does not resolve.`, { cause: error }), '', 0),
    );
  };

  /** Counts a fetch against its requester for as long as it runs. */
  const counted = async <T>(requester: string, run: () => Promise<T>): Promise<T> => {
    const others = running.get(requester) ?? 0;
    if (others >= MAX_PER_REQUESTER)
      throw new FetchRefused('busy', `${MAX_PER_REQUESTER} fetches of this requester are under way.`);
    running.set(requester, others + 1);
    try {
      return await run();
    } finally {
      const left = (running.get(requester) ?? 1) - 1;
      if (left > 0) running.set(requester, left);
      else running.delete(requester);
    }
  };

  const fetchUrl = (url: URL, options: FetchOptions): Promise<FetchedAnswer> => {
    const { maxBytes, accept, etag, method = 'GET', body } = options;
    const send = url.protocol === 'http:' ? http.request : https.request;
    const signal = AbortSignal.timeout(timeout);
    return new Promise((fulfil, reject) => {
      let status: number | undefined;
      const refuse = (error: unknown) => {
        request.destroy();
        if (error instanceof FetchRefused) reject(error);
        else if (signal.aborted)
          reject(new FetchRefused('timeout', `No whole answer within ${timeout / 1000} s.`, { cause: error, status }));
        else reject(new FetchRefused('unreachable', 'The connection failed.', { cause: error }));
      };
      const request = send(
        url,
        {
          agent: false,
          lookup,
          signal,
          maxHeaderSize: 16_384,
          method,
          headers: {
            ...lowerCased(options.headers),
            ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
            Accept: accept,
            'Accept-Encoding': 'identity',
            ...(options.headers?.['user-agent'] ? {} : { 'User-Agent': 'authwalk' }),
            ...(etag ? { 'If-None-Match': etag } : {}),
          },
        },
        (answer) => {
          const answered = answer.statusCode ?? 0;
          status = answered;
          if (answered >= 300 && answered < 400 && answered !== 304)
            return refuse(
              new FetchRefused('redirect', `It answered ${answered}; redirects are not followed.`, { status }),
            );
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > maxBytes)
              refuse(new FetchRefused('too-large', `It is longer than ${maxBytes} bytes.`, { status }));
            else chunks.push(chunk);
          });
          answer.on('error', refuse);
          answer.on('aborted', () => refuse(new Error('aborted')));
          answer.on('end', () =>
            fulfil({ status: answered, headers: headersOf(answer), body: new Uint8Array(Buffer.concat(chunks)) }),
          );
        },
      );
      // The last look, at the address that was in fact connected to.
      request.on('socket', (socket) =>
        socket.once('connect', () => {
          if (!socket.remoteAddress || !permitted(socket.remoteAddress.replace(/^::ffff:/, '')))
            refuse(new FetchRefused('address', 'The connection led to an address that is not public.'));
        }),
      );
      request.on('error', refuse);
      request.end(body);
    });
  };

  /** Whoever names an address that does not answer, again and again, costs a moment and not a connection each time. */
  const failed = new BoundedMap<string, { readonly until: number; readonly refused: FetchRefused }>(REMEMBERED);

  return async (address, fetchOptions) => {
    const url = permittedUrl(address, loopback);
    // Somebody who mends a server on this machine tries again at once.
    const remembers = fetchOptions.method !== 'POST' && !isLoopbackHost(bareHost(url.hostname));
    const before = remembers ? failed.get(url.href) : undefined;
    if (before !== undefined && before.until > now()) throw before.refused;
    try {
      return await counted(fetchOptions.requester ?? '', () => fetchUrl(url, fetchOptions));
    } catch (error) {
      if (remembers && error instanceof FetchRefused && error.kind !== 'busy')
        failed.set(url.href, { until: now() + remember, refused: error });
      throw error;
    }
  };
}

/** Parses the address and refuses what can be refused without resolving it. */
function permittedUrl(address: string, loopback: boolean): URL {
  const problem = addressProblem(address, loopback);
  if (problem !== null) throw new FetchRefused('address', problem);
  return new URL(address);
}

/** Headers that the requester may add: headers that the guard and HTTP itself set are left out. */
function lowerCased(headers: FetchOptions['headers'] = {}): Record<string, string> {
  const RESERVED = ['accept', 'accept-encoding', 'if-none-match', 'content-length', 'host', 'connection'];
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !RESERVED.includes(name)),
  );
}

function headersOf(answer: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    try {
      headers.append(answer.rawHeaders[at]!, answer.rawHeaders[at + 1]!);
    } catch {
      /* a header that no standard knows is of no use here */
    }
  }
  return headers;
}
