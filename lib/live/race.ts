/** Staging what goes wrong with refresh tokens: the page takes the client's place for two requests. */
import { formOf, header, parseObject } from '#lib/guide/answers.ts';
import { base64url } from '#lib/guide/pkce.ts';
import { sha256 } from '#lib/guide/sha256.ts';
import type { Exchange } from './types.ts';

/** What it takes to refresh in a client's stead. */
export interface Refreshable {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | null;
}

/** The name under which the control API lists a refresh token. */
export function idOf(token: string): string {
  return base64url(sha256(token)).slice(0, 12);
}

/**
 * Finds a refresh token among what was recorded, with the client's way of saying who it is.
 * @param exchanges with their secrets
 * @param id as the control API lists it
 * @returns null where it was not seen, or where the client signs its requests
 */
export function refreshableOf(exchanges: readonly Exchange[], id: string): Refreshable | null {
  for (const exchange of exchanges.toReversed()) {
    if (exchange.endpoint !== 'token' || exchange.response?.status !== 200) continue;
    const token = parseObject(exchange.response.body)?.refresh_token;
    if (typeof token !== 'string' || idOf(token) !== id) continue;
    const asked = formOf(exchange);
    if (asked.client_assertion !== undefined || header(exchange.request, 'dpop') !== null) return null;
    return {
      url: exchange.request.url,
      authorization: header(exchange.request, 'authorization'),
      form: {
        grant_type: 'refresh_token',
        refresh_token: token,
        ...(asked.client_id ? { client_id: asked.client_id } : {}),
        ...(asked.client_secret ? { client_secret: asked.client_secret } : {}),
      },
    };
  }
  return null;
}

/** Refreshes once. @returns the status, 0 where no answer came, and the error */
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
