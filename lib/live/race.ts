/** Shows what goes wrong with refresh tokens: the page sends two requests in place of the client. */
import { formOf, headerOf, jsonOf, parseObject } from '#lib/exchange/read.ts';
import { s256 } from '#lib/exchange/digest.ts';
import type { Exchange } from './types.ts';

/** What it takes to refresh in a client's stead. */
export interface Refreshable {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | null;
}

/** The name under which the control API lists a refresh token. */
export function idOf(token: string): string {
  return s256(token).slice(0, 12);
}

/**
 * Finds a refresh token among what was recorded, with the client's way of saying who it is.
 * @param exchanges with their secrets
 * @param id as the control API lists it
 * @returns null if it was not seen, or if the client signs its requests
 */
export function refreshableOf(exchanges: readonly Exchange[], id: string): Refreshable | null {
  for (const exchange of exchanges.toReversed()) {
    if (exchange.endpoint !== 'token' || exchange.response?.status !== 200) continue;
    const token = jsonOf(exchange.response)?.refresh_token;
    if (typeof token !== 'string' || idOf(token) !== id) continue;
    const asked = formOf(exchange);
    if (asked.has('client_assertion') || headerOf(exchange.request, 'dpop') !== null) return null;
    return {
      url: exchange.request.url,
      authorization: headerOf(exchange.request, 'authorization'),
      form: {
        grant_type: 'refresh_token',
        refresh_token: token,
        ...(asked.get('client_id') ? { client_id: asked.get('client_id')! } : {}),
        ...(asked.get('client_secret') ? { client_secret: asked.get('client_secret')! } : {}),
      },
    };
  }
  return null;
}

/** Refreshes once. @returns the status, 0 if no answer came, and the error */
export async function refreshOnce({
  url,
  form,
  authorization,
}: Refreshable): Promise<{ status: number; error: string | null }> {
  try {
    const response = await fetch(new URL(url).pathname, {
      method: 'POST',
      credentials: 'omit',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(authorization ? { Authorization: authorization } : {}),
      },
      body: new URLSearchParams(form),
    });
    const body = parseObject(await response.text());
    return { status: response.status, error: typeof body?.error === 'string' ? body.error : null };
  } catch {
    return { status: 0, error: null };
  }
}
