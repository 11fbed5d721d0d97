/** The certificate of the running server, and a new one long before it ends. */
import type { Server } from 'node:https';
import { type Authority, CERTIFICATE_LASTS, openAuthority } from './authority.ts';

/** Names that always mean this machine. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export interface Certificates {
  /** The file with the authority's certificate, which clients have to be given. */
  readonly authority: string;
  /** For `https.createServer`. */
  readonly first: { readonly key: string; readonly cert: string };
  /** Gives the server a new certificate in time, until it closes. */
  renew(server: Server, failed: (error: unknown) => void): void;
}

/**
 * @param folder where the authority lies, or is made
 * @param names further host names and addresses of this server, beside loopback
 * @param now ms since the epoch
 * @throws AuthorityError if the authority cannot be used
 */
export async function openCertificates(
  folder: string,
  names: readonly string[],
  now: () => number,
): Promise<Certificates> {
  const authority: Authority = await openAuthority(folder, now());
  const all = [...new Set([...LOOPBACK, ...names])];
  return {
    authority: authority.path,
    first: await authority.issue(all, now()),
    renew(server, failed) {
      const timer = setInterval(() => {
        authority.issue(all, now()).then((next) => server.setSecureContext(next), failed);
      }, CERTIFICATE_LASTS / 7);
      timer.unref();
      server.once('close', () => clearInterval(timer));
    },
  };
}
