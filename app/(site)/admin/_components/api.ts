/** The operator's API, as the page asks it. */
import { errorOf, type Method, send } from '#lib/client/request.ts';

export interface Instance {
  readonly version: string;
  readonly up_seconds: number;
  readonly origin: string;
  readonly public: boolean;
  readonly database: {
    readonly kind: string;
    readonly bytes: number;
    /** Of the database file; null: there is none, or nobody says. */
    readonly volume: { readonly bytes: number; readonly free: number } | null;
  };
  readonly rate_limits: boolean;
  readonly trusted_proxies: number;
  /** How many share the database. */
  readonly instances: number;
  readonly memory_bytes: number;
  readonly memory_limit_bytes: number;
  readonly max_sandboxes: number;
  readonly totals: {
    readonly sandboxes: number;
    readonly reports: number;
    readonly report_bytes: number;
    readonly plans: number;
    readonly users: number;
    readonly clients: number;
  };
  readonly traffic: {
    readonly requests_a_minute: number;
    readonly p99_ms: number | null;
    /** By limits, in the latest 24 h; counted since then at the earliest. */
    readonly refused: { readonly count: number; readonly since: string };
    readonly streams: number;
    readonly busiest: {
      readonly id: string;
      readonly requests_a_minute: number;
      /** Of all requests of the latest minute, from 0 to 1. */
      readonly share: number;
      readonly one_address: boolean;
    } | null;
  };
  /** null: nobody has counted then. */
  readonly a_day_ago: { readonly sandboxes: number | null };
  /** When the volume is full if it goes on like this; null: there is no steady trend. */
  readonly volume_full_at: string | null;
  readonly last_uses: { readonly seconds: number; readonly counts: readonly number[] };
}

export interface SandboxLine {
  readonly id: string;
  readonly scenario: string | null;
  /** Who sent the latest exchange: a name, an identifier or a `User-Agent`. */
  readonly client: string | null;
  readonly last_used_at: string;
  readonly expires_at: string | null;
  readonly exchanges: number;
  readonly bytes: number;
}

export interface EventLine {
  readonly seq: number;
  readonly at: string;
  readonly says: string;
  readonly sandbox: string | null;
}

/**
 * Asks the operator's API.
 * @param token the admin token; null on an instance of one's own that has none
 * @throws ApiError with the status, 401 if the token is missing or wrong
 */
export async function ask<T>(token: string | null, path: string, method: Method = 'GET'): Promise<T> {
  const response = await send(method, `/api/admin${path}`, { token });
  if (!response.ok) throw await errorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes as a person reads them. */
export function bytes(value: number): string {
  let left = value;
  let unit = 0;
  while (left >= 1000 && unit < UNITS.length - 1) {
    left /= 1000;
    unit += 1;
  }
  return `${unit === 0 || left >= 100 ? Math.round(left) : left.toFixed(1)} ${UNITS[unit]}`;
}

/** A whole number with thin spaces between thousands. */
export const whole = (value: number): string => String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, '\u202F');

/** An id as it stands in lists: its beginning tells it from others. */
export const shortId = (id: string): string => (id === 'default' ? id : `${id.slice(0, 4)}…`);

/** A count with its noun. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** How long ago, or how long until. @param ms a span */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
