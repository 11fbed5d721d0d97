/** Where a client stopped: from what came last, and from nothing else. */
import { formOf, headerOf, jsonOf, queryOfUrl } from '#lib/exchange/read.ts';
import type { Exchange, SilencePoint } from './types.ts';

export interface Silence {
  readonly point: SilencePoint;
  /** The exchange at which it stopped; null where none has come. */
  readonly at: Exchange | null;
  /** A sentence: "The client stopped at exchange 10, a 403 that asks for `notes:write`." */
  readonly says: string;
  /** Seconds since, in real time. */
  readonly seconds: number;
}

/** Preflights, pictures and look-ups say nothing about where a client is. */
function tells(exchange: Exchange): boolean {
  return (
    exchange.request.method !== 'OPTIONS' &&
    exchange.request.method !== 'HEAD' &&
    !/favicon|apple-touch/.test(exchange.request.url) &&
    !(exchange.endpoint === 'mcp' && exchange.response?.status === 405)
  );
}

/**
 * The point of the catalogue that an exchange leads to; null where a client may stop in peace.
 */
export function pointAfter(exchange: Exchange): string | null {
  const status = exchange.response?.status ?? 0;
  const refused = status >= 400 || status === 0;
  const location = headerOf(exchange.response, 'location') ?? '';
  switch (exchange.endpoint) {
    case 'mcp':
    case 'bearer':
      if (status === 401)
        return exchange.reason === 'token-absent' || headerOf(exchange.request, 'authorization') === null
          ? 'after-401'
          : 'after-token-refused';
      if (status === 403 && exchange.error === 'insufficient_scope') return 'after-403';
      return status >= 200 && status < 300 && headerOf(exchange.request, 'authorization') !== null
        ? 'after-first-call'
        : null;
    case 'prm':
      return refused ? 'after-401' : 'after-prm';
    case 'as-metadata':
      return refused ? 'after-prm' : 'after-as-metadata';
    case 'register':
      return refused ? 'after-register-refused' : 'after-register';
    case 'authorize':
    case 'consent':
      if (refused || location.includes('/consent/') || (exchange.endpoint === 'consent' && status === 200))
        return 'consent-open';
      if (queryOfUrl(location).get('error') !== null) return 'after-error-redirect';
      return queryOfUrl(location).get('code') !== null ? 'after-redirect' : 'consent-open';
    case 'token': {
      const polls = formOf(exchange).get('grant_type')?.endsWith('device_code') === true;
      if (polls && (exchange.error === 'authorization_pending' || exchange.error === 'slow_down'))
        return 'polling-stopped';
      if (!refused) return 'after-token';
      return exchange.grantType === 'refresh_token' && exchange.error === 'invalid_grant'
        ? 'after-refresh-refused'
        : 'after-token-error';
    }
    case 'device':
      return refused ? 'after-token-error' : 'after-device-code';
    default:
      return null;
  }
}

/** What the last exchange was, in half a sentence. */
function whatItWas(exchange: Exchange): string {
  const status = exchange.response?.status;
  if (status === undefined) return 'a request that got no answer';
  const location = headerOf(exchange.response, 'location') ?? '';
  if (exchange.endpoint === 'mcp' && status === 401)
    return headerOf(exchange.request, 'authorization') === null
      ? 'the 401 that says where to get a token'
      : `a 401, \`${exchange.error ?? 'invalid_token'}\``;
  if (exchange.error === 'insufficient_scope') {
    const scope = /scope="([^"]*)"/.exec(headerOf(exchange.response, 'www-authenticate') ?? '')?.[1];
    return scope ? `a 403 that asks for \`${scope}\`` : 'a 403 that names no scope';
  }
  if (location.includes('/consent/')) return 'which led to the consent page';
  if (queryOfUrl(location).get('code') !== null) return 'a redirect with a code';
  const error = exchange.error ?? queryOfUrl(location).get('error') ?? jsonOf(exchange.response)?.error;
  return typeof error === 'string' ? `a ${status}, \`${error}\`` : `a ${status}`;
}

/**
 * Whether it has been silent for longer than a client needs, and where it stopped.
 *
 * @param since wall ms from which on nothing has come, where nothing has ever come
 * @param now wall ms
 */
export function silenceOf(
  points: readonly SilencePoint[],
  exchanges: readonly Exchange[],
  since: number,
  now: number,
): Silence | null {
  const last = exchanges.findLast(tells);
  const id = last ? pointAfter(last) : 'before-anything';
  const point = points.find((one) => one.id === id);
  if (!point) return null;
  const seconds = Math.floor((now - (last ? Date.parse(last.at) + last.duration : since)) / 1000);
  if (seconds < point.silent_after_seconds) return null;
  return {
    point,
    at: last ?? null,
    seconds,
    says: last
      ? `The ${last.from === 'you' ? 'user was last seen' : 'client stopped'} at exchange ${last.seq}, ${whatItWas(last)}. Next would come ${point.next_expected}.`
      : `${point.point}. To be expected: ${point.next_expected}.`,
  };
}
