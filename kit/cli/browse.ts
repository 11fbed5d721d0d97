/** `authwalk browse`: the user's browser, without a screen. */
import { isLoopbackName } from '#lib/spec/loopback.ts';
import { createHash } from 'node:crypto';
import { followAuthorization } from '../testing/visit.ts';
import { AuthwalkError } from '../testing/errors.ts';
import { CommandError, EXIT, used } from './exit.ts';

export interface BrowseOptions {
  readonly as?: string;
  readonly scope?: readonly string[];
  readonly deny?: boolean;
}

/** Milliseconds that the client's listener gets to answer. */
const PATIENCE = 10_000;

/** The issuer that an authorization request belongs to: what stands before `/oauth/authorize`. */
function issuerOf(url: URL): string {
  const at = url.pathname.indexOf('/oauth/authorize');
  return at < 0 ? url.origin : `${url.origin}${url.pathname.slice(0, at)}`;
}

/**
 * Signs in, answers consent, and delivers the redirect to the client's loopback listener.
 * @param address the authorization request
 * @returns the redirect to the client
 * @throws CommandError if the address is none, or the authorization leads nowhere
 */
export async function browse(address: string, { as, scope, deny = false }: BrowseOptions): Promise<URL> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    used(`${JSON.stringify(address)} is no http address.`);
  const url = new URL(address);
  // The same password each time, so that the user who was made at the first visit signs in at the second.
  const password =
    as === undefined ? undefined : createHash('sha256').update(`authwalk browse ${as}`).digest('base64url');
  try {
    const redirect = await followAuthorization(globalThis.fetch, url, issuerOf(url), {
      action: deny ? 'deny' : as === undefined ? 'auto' : 'login',
      ...(as === undefined ? {} : { email: as }),
      ...(password === undefined ? {} : { password }),
      ...(scope === undefined || scope.length === 0 ? {} : { scope }),
    });
    await deliver(redirect);
    return redirect;
  } catch (error) {
    if (error instanceof AuthwalkError) throw new CommandError(EXIT.couldNotRun, error.message);
    // What fetch throws if nobody listens says only that it failed.
    if (error instanceof TypeError && error.message === 'fetch failed')
      throw new CommandError(EXIT.couldNotRun, `Nothing answers at ${url.origin}.`);
    throw error;
  }
}

/** Asks the client's listener. Only loopback: a redirect anywhere else is printed and left to the reader. */
async function deliver(redirect: URL): Promise<void> {
  if (!isLoopbackName(redirect.hostname) || !/^https?:$/.test(redirect.protocol)) return;
  try {
    const response = await fetch(redirect, { signal: AbortSignal.timeout(PATIENCE) });
    await response.body?.cancel();
  } catch (cause) {
    const says = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(EXIT.couldNotRun, `Nothing listens at ${redirect.origin}${redirect.pathname}: ${says}`);
  }
}
